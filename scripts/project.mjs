// `npm test`, `npm run proofs`, `npm run release:dry`, `npm run site` and `npm run demo` start
// here, on any Node from 20 on and with npm alone. The project itself needs Node 22.20 and pnpm 12: what is missing is
// fetched by npx, then the dependencies are installed and the pnpm script of that name is run. No
// dependencies, and nothing newer than Node 20.

import { spawn, spawnSync } from "node:child_process"
import { constants, tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const windows = process.platform === "win32"
const scripts = {
  test: "check",
  proofs: "proofs:run",
  site: "site:build",
  demo: "demo:run",
  "release:dry": "release:dry:run",
}

const script = scripts[process.argv[2]]
if (script === undefined) fail(`usage: node scripts/project.mjs ${Object.keys(scripts).join("|")}`)

const env = { ...process.env }
const missing = [
  ...(nodeIsNew(process.versions.node) ? [] : ["node@24"]),
  ...(pnpmVersion()?.startsWith("12.") ? [] : ["pnpm@12"]),
]
// Commands that the demo prints run in the same shell, with the same Node.
if (missing.includes("node@24")) env.EXECLOG_NODE = "npx --yes -p node@24 node"
if (missing.length > 0) env.PATH = [fetched(missing), process.env.PATH].join(delimiter)

const installed = await run(["install", "--frozen-lockfile", "--config.confirmModulesPurge=false"])
if (installed.code !== 0) end(installed)
end(await run(["run", script, ...process.argv.slice(3)]))

/** @param {string} version */
function nodeIsNew(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major > 22 || (major === 22 && minor >= 20)
}

/** Asked outside the project, where no version switching by its packageManager field gets in the way. */
function pnpmVersion() {
  const answer = spawnSync("pnpm --version", { shell: true, cwd: tmpdir(), encoding: "utf8" })
  return answer.status === 0 ? answer.stdout.trim() : undefined
}

/**
 * The folder with the programs of these npm packages, from npx's own cache or the registry.
 * @param {string[]} packages
 */
function fetched(packages) {
  say(`Taking ${packages.join(" and ")} through npx; the first time, they are downloaded …`)
  const wanted = packages.map((name) => `-p ${name}`).join(" ")
  const answer = spawnSync(`npx --yes --prefer-offline ${wanted} -c "node -p process.env.PATH"`, {
    shell: true,
    cwd: tmpdir(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  const folder = (answer.stdout ?? "")
    .trim()
    .split(delimiter)
    .find((path) => /_npx[\\/][^\\/]+[\\/]node_modules[\\/]\.bin$/.test(path))
  if (answer.status === 0 && folder !== undefined) return folder
  // Of npm's own words, only the error code and where its log is.
  const reason = (answer.stderr ?? "")
    .split("\n")
    .filter((line) => !line.startsWith("npm ") || /^npm error (code |A complete log)/i.test(line))
    .join("\n")
    .trim()
  fail(
    `npx could not get ${packages.join(" and ")}${reason && `:\n${reason}\n`}\n` +
      "Check the network and npm's registry setting, or put Node 22.20 or newer and pnpm 12 on PATH.",
  )
}

/**
 * Runs pnpm in a process group of its own, so that Ctrl-C and every other signal reach it through
 * here, once; pnpm hands them on to what it started. The shell between npm and this process dies of
 * a SIGTERM without passing it on: a new parent is taken as one.
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function run(args) {
  const child = spawn("pnpm", args, {
    cwd: root,
    env,
    stdio: "inherit",
    detached: !windows,
    shell: windows,
  })
  const pass = (signal) => {
    if (child.pid === undefined) return
    try {
      if (windows) child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // The group is gone already.
    }
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"]
  for (const signal of signals) process.on(signal, pass)
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    pass("SIGTERM")
  }, 500)
  return new Promise((resolve) => {
    child.on("error", (error) => fail(`pnpm did not start: ${error.message}`))
    child.on("exit", (code, signal) => {
      clearInterval(watch)
      for (const name of signals) process.off(name, pass)
      resolve({ code, signal })
    })
  })
}

/** Ends as the child did: with its exit code, or by its signal. */
function end({ code, signal }) {
  process.exit(signal === null ? code : 128 + constants.signals[signal])
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`${message}\n`)
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  say(message)
  process.exit(1)
}
