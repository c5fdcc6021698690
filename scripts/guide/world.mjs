// The world of one page of the guide: a folder, the providers' APIs, and a clock that is set.
import { spawn } from "node:child_process"
import { mkdir, mkdtemp, open, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { startSimulator } from "@execlog/simulator"
import { adapterNames } from "../lib/adapter-names.mjs"
import { scenes } from "./scenes.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const surroundings = new URL("./surroundings.mjs", import.meta.url).href
const start = Date.parse("2026-11-21T08:00:00Z")
const patienceMs = 120_000

// The word makes a run of the tests fail where one of them shows.
const key = (of) => `${of}-canary-guide`

const packages = {
  "@execlog/core": "packages/core",
  "@execlog/store": "packages/store",
  "@execlog/contract-tests": "packages/contract-tests",
  ...Object.fromEntries(adapterNames.map((id) => [`@execlog/${id}`, `packages/adapters/${id}`])),
  effect: "packages/core/node_modules/effect",
}

const makeFolder = async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "execlog-guide-")))
  await mkdir(join(folder, "bin"))
  await symlink(join(root, "packages/cli/bin/execlog.js"), join(folder, "bin/execlog"))
  await mkdir(join(folder, "automations/node_modules/@execlog"), { recursive: true })
  await writeFile(join(folder, "automations/package.json"), '{ "type": "module" }')
  for (const [name, place] of Object.entries(packages)) {
    await symlink(join(root, place), join(folder, "automations/node_modules", name), "dir")
  }
  return folder
}

/** Starts the world. `run` gives what a terminal would have shown. */
export const startWorld = async () => {
  const folder = await makeFolder()
  const directory = join(folder, "automations")
  const now = new Date(start)
  const simulator = await startSimulator({
    dify: { executions: 400, seed: 7, now, apiKey: key("app") },
    alloy: { executions: 300, seed: 7, now, apiKey: key("alloy") },
    n8n: { executions: 200, seed: 7, now, apiKey: key("n8n") },
    // Its newest come in a burst, which would fill every list.
    prefect: { executions: 150, seed: 7, now: new Date(start - 600_000), apiKey: key("pnu") },
  })
  // Executions planned for later would be at the top of every list.
  const planned = [...simulator.prefect.truth()].filter(
    ({ expected_start_time: expected }) => Date.parse(expected) > start,
  )
  for (const { id } of planned) simulator.prefect.delete(id)
  const world = { simulator, now: start, perRequestMs: 0 }
  const addresses = [
    ["https://api.dify.ai/v1", simulator.dify.baseUrl],
    ["https://production.runalloy.com", simulator.alloy.baseUrl],
    ["https://n8n.example.com/api/v1", simulator.n8n.baseUrl],
    ["https://prefect.example.com/api", simulator.prefect.baseUrl],
  ]

  const environment = (transcript) => ({
    PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
    HOME: folder,
    NO_COLOR: "1",
    NODE_COMPILE_CACHE: join(folder, "compiled"),
    TZ: "UTC",
    LC_ALL: "C.UTF-8",
    NODE_OPTIONS: `--import ${surroundings} --disable-warning=ExperimentalWarning`,
    EXECLOG_GUIDE: JSON.stringify({
      now: world.now,
      perRequestMs: world.perRequestMs,
      addresses,
      transcript,
    }),
    DIFY_API_KEY: key("app"),
    SUPPORT_BOT_KEY: key("app"),
    ALLOY_API_KEY: key("alloy"),
    N8N_API_KEY: key("n8n"),
    PREFECT_API_KEY: key("pnu"),
  })

  /** Where a path of this machine would stand on that of a reader. */
  const shown = (text) =>
    text
      .replaceAll(directory, "~/automations")
      .replaceAll(join(root, "packages/adapters/"), "~/automations/node_modules/@execlog/")

  const run = async (script, expectedCode) => {
    const path = join(folder, "transcript")
    await rm(path, { force: true })
    const transcript = await open(path, "a")
    const { ino } = await transcript.stat()
    try {
      const child = spawn("sh", ["-c", script], {
        cwd: directory,
        env: environment(ino),
        stdio: ["ignore", transcript.fd, transcript.fd],
        timeout: patienceMs,
      })
      const code = await new Promise((resolve, reject) => {
        child.once("error", reject)
        child.once("close", resolve)
      })
      const text = shown(await readFile(path, "utf8"))
      if (code === expectedCode) return text
      throw new Error(`This ended with ${code}, not ${expectedCode}:\n${script}\n${text}`)
    } finally {
      await transcript.close()
    }
  }

  return {
    run,
    writeFile: (name, text) => writeFile(join(directory, name), text),
    happen: (name) => {
      const scene = scenes[name]
      if (scene === undefined) throw new Error(`There is no scene ${name}.`)
      scene(world)
    },
    stop: async () => {
      await simulator.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
