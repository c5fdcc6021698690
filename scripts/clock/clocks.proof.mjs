// The tests that start programs and read stores pass whatever the machine's clock says, and wherever the
// machine stands. Each run of them is a process that is told another time and another place.
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify, stripVTControlCharacters } from "node:util"
import { expect, it } from "vitest"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")
const dayMs = 86_400_000

const ofCommandLine = [
  "Sync",
  "Stored",
  "Follow",
  "Record",
  "List",
  "Stats",
  "Export",
  "Interruption",
]
const tests = [
  ...ofCommandLine.map((name) => `packages/cli/test/${name}`),
  "packages/store/test/",
  "packages/create-adapter/test/Program",
  "packages/contract-tests/test/recording/",
]

/** This process is a test of its own, of which the others are to know nothing. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(TEST|VITEST.*|NODE_ENV|NODE_OPTIONS)$/.test(name),
  ),
)

const sinceNow = (instant) => Date.parse(instant) - Date.now()

it.each([
  ["a day later", "Pacific/Kiritimati", () => dayMs],
  ["40 days later", "Asia/Kolkata", () => 40 * dayMs],
  ["three years later", "UTC", () => 3 * 365 * dayMs],
  ["as New York sets its clocks back", "America/New_York", () => sinceNow("2026-11-01T05:30:00Z")],
  ["as New York sets its clocks on", "America/New_York", () => sinceNow("2026-03-08T06:30:00Z")],
])(
  "passes the tests %s, in %s",
  async (_, zone, byMs) => {
    const clock = new URL(`moved-clock.mjs?by=${byMs()}`, import.meta.url).href
    const env = { ...environment, TZ: zone, NODE_OPTIONS: `--import=${clock}` }
    const vitest = join(root, "node_modules/vitest/vitest.mjs")
    const args = [vitest, "run", "--testTimeout", "60000", "--reporter", "default", ...tests]
    const outcome = await exec(process.execPath, args, { cwd: root, env, maxBuffer: 1e8 }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
    )
    expect(outcome.code, outcome.said).toBe(0)
    // So many that none of the files went missing.
    const [, passed] = /Tests +(\d+) passed/.exec(stripVTControlCharacters(outcome.said)) ?? []
    expect(Number(passed)).toBeGreaterThan(400)
  },
  600_000,
)
