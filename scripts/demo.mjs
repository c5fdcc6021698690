// npm run demo: all providers' APIs on loopback, read through one schema by the real command line.
import { spawn } from "node:child_process"
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { inspect, styleText } from "node:util"
import { startSimulator } from "@execlog/simulator"
import { changeHistory, changesMade } from "./demo/demo-changes.mjs"

const bin = fileURLToPath(new URL("../packages/cli/bin/execlog.js", import.meta.url))
const keep = process.argv.includes("--keep")

const prefectKey = "prefect-demo-key"
// The newest flow runs of the simulator come in a burst, which would fill the table.
const earlier = new Date(Date.now() - 600_000)

const simulator = await startSimulator({
  dify: { executions: 1_000, seed: 7, now: new Date(), apiKey: "app-demo-key" },
  alloy: { executions: 1_000, seed: 7, now: new Date(), apiKey: "alloy-demo-key" },
  n8n: { executions: 300, seed: 7, now: new Date(), apiKey: "n8n-demo-key" },
  prefect: { executions: 300, seed: 7, now: earlier, apiKey: prefectKey },
})
// Executions planned for later would be reported before those of the demo.
const planned = [...simulator.prefect.truth()].filter(
  ({ expected_start_time: expected }) => Date.parse(expected) > Date.now(),
)
for (const { id } of planned) simulator.prefect.delete(id)
const folder = await mkdtemp(join(tmpdir(), "execlog-demo-"))
const config = join(folder, "execlog.json")
const environment = {
  ...process.env,
  SUPPORT_BOT_KEY: simulator.dify.apiKey,
  ALLOY_KEY: simulator.alloy.apiKey,
  N8N_KEY: simulator.n8n.apiKey,
  PREFECT_KEY: prefectKey,
}

let child
let stopping = false
let isFolderKept = false
const stop = async () => {
  if (stopping) return
  stopping = true
  child?.kill("SIGINT")
  await simulator.stop()
  if (!isFolderKept) await rm(folder, { recursive: true, force: true })
}
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void stop().then(() => process.exit(signal === "SIGINT" ? 130 : 143)))
}

const say = (text = "") => console.log(text)
const title = (text) => say(`\n${styleText("bold", text)}`)

/** Runs a command and gives what it printed; shows both unless it is quiet, and notices where asked. */
const execlog = (args, { quiet = false, notices: isShown = false } = {}) =>
  new Promise((resolve, reject) => {
    if (!quiet) say(styleText("dim", `$ execlog ${args.join(" ")}`))
    child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { ...environment, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
      stdio: ["ignore", quiet ? "pipe" : "inherit", isShown ? "inherit" : "pipe"],
    })
    let output = ""
    let notices = ""
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text
    })
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      notices += text
    })
    child.on("error", reject)
    child.on("close", (code) =>
      code === 0 || stopping
        ? resolve(output)
        : reject(new Error(`execlog ${args.join(" ")} ended with ${code}:\n${notices}`)),
    )
  })

const listed = async (limit, ...args) =>
  (await execlog([...args, "--limit", `${limit}`, "--format", "ndjson"], { quiet: true }))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

try {
  await writeFile(
    config,
    JSON.stringify({
      store: "execlog.db",
      connections: {
        "support-bot": {
          provider: "dify",
          settings: {
            apiKey: "${SUPPORT_BOT_KEY}",
            baseUrl: simulator.dify.baseUrl,
            workflow: { id: "support-bot", name: "Support bot" },
          },
        },
        production: {
          provider: "alloy",
          settings: { apiKey: "${ALLOY_KEY}", baseUrl: simulator.alloy.baseUrl },
        },
        shop: {
          provider: "n8n",
          settings: { apiKey: "${N8N_KEY}", baseUrl: simulator.n8n.baseUrl },
        },
        etl: {
          provider: "prefect",
          settings: { apiKey: "${PREFECT_KEY}", baseUrl: simulator.prefect.baseUrl },
        },
      },
    }),
  )
  say(styleText("bold", "execlog: one log of workflow executions, whatever platform they run on"))
  say(
    "Four providers' log APIs run on this machine with made-up data: a Dify app, an Alloy account, an n8n and a Prefect server.",
  )

  title("The last hour in one table, the newest first")
  await execlog(["list", "--since", "1h", "--limit", "16", "--format", "table"])

  title("One filter, the same for all: what failed in the last six hours")
  await execlog([
    "list",
    "--status",
    "failed",
    "--since",
    "6h",
    "--limit",
    "8",
    "--format",
    "table",
  ])

  const production = ["list", "--connection", "production", "--status", "failed"]
  const [{ workflow }] = await listed(1, ...production)
  const withSteps = [...production, "--workflow", workflow.id, "--include", "steps,inputs,outputs"]
  title("One Alloy execution with its steps (in part)")
  say(styleText("dim", `$ execlog ${withSteps.join(" ")} --limit 10 --format ndjson`))
  const candidates = await listed(10, ...withSteps)
  const chosen = candidates.find(({ steps }) => steps.length > 1) ?? candidates[0]
  const { id: alloyId, status, startedAt, durationMs, error, steps } = chosen
  const shown = { id: alloyId, status, startedAt, durationMs, error, steps }
  say(inspect(shown, { depth: 7, colors: process.stdout.isTTY, breakLength: 100 }))

  const [{ id }] = await listed(1, "list", "--connection", "support-bot", "--status", "failed")
  title("One Dify run in detail")
  await execlog(["get", id, "--connection", "support-bot", "--format", "table"])

  title("How a query is answered: what is asked of the provider, and what is filtered here")
  await execlog([
    "explain",
    "--connection",
    "support-bot",
    "--status",
    "failed,running",
    "--since",
    "24h",
    "--format",
    "table",
  ])

  title("Keep them: every execution of all four, in one SQLite file")
  await execlog(["sync", "--format", "table"], { notices: true })

  title("Count what is kept, without asking anyone")
  await execlog(["stats", "--stored", "--format", "table"])

  title("Follow: what starts and ends while we look")
  simulator.clearRequests()
  const following = execlog(
    ["follow", "--interval", "500ms", "--limit", `${changesMade}`, "--format", "table"],
    { notices: true },
  )
  const impatience = setTimeout(() => child?.kill("SIGTERM"), 10_000)
  await Promise.all([following, changeHistory(simulator)])
  clearTimeout(impatience)

  title("Export what is kept, for pandas, DuckDB, Polars or a spreadsheet")
  const exported = ["executions.parquet", "failures.csv"]
  await execlog(["export", "--stored", "--output", "executions.parquet"], { notices: true })
  await execlog(["export", "--stored", "--status", "failed", "--output", "failures.csv"], {
    notices: true,
  })

  title("Where things are")
  for (const name of ["execlog.json", "execlog.db", ...exported]) {
    const { size } = await stat(join(folder, name))
    const kilobytes = Math.ceil(size / 1024).toLocaleString("en-US")
    say(`  ${kilobytes.padStart(5)} KB  ${join(folder, name)}`)
  }
  isFolderKept = !keep
  say(keep ? "  They go when you end this with Ctrl-C." : "  Yours to look into, and to delete.")

  title("Try next")
  if (keep) {
    say("The APIs keep running until Ctrl-C. In another terminal, in this folder:")
    const { dify, alloy, n8n } = simulator
    say(`  export SUPPORT_BOT_KEY=${dify.apiKey} ALLOY_KEY=${alloy.apiKey}`)
    say(`  export N8N_KEY=${n8n.apiKey} PREFECT_KEY=${prefectKey}`)
    const program = `${process.env.EXECLOG_NODE ?? "node"} packages/cli/bin/execlog.js`
    for (const command of [
      "list --status failed,canceled --since 12h",
      "stats --stored --by workflow",
      "sync",
      "list --connection production --status running --format csv",
      "explain --until 2h",
      "providers",
    ]) {
      say(`  ${program} ${command} --config ${config}`)
    }
    await new Promise((resolve) => process.once("SIGINT", resolve))
  } else {
    say(
      "  npm run demo -- --keep                     the same, with the APIs left running for your own queries",
    )
    say(
      "  npm install execlog @execlog/dify          the command line and one adapter, in a project of yours",
    )
    say("  DIFY_API_KEY=app-… npx execlog list --provider dify --status failed --since 24h")
    say("  ALLOY_API_KEY=…    npx execlog list --provider alloy --since 7d --format csv")
    say("  npm test                                   builds, checks and tests everything here")
  }
} finally {
  await stop()
}
