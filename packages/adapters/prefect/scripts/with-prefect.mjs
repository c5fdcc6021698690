// Starts a real Prefect server on loopback, lets made-up flows come to every kind of end on it, and
// runs a command against it: `node scripts/with-prefect.mjs -- vitest run test/Live.test.ts`. It needs Python
// 3.10 or newer, and takes Prefect from the Python package index on its first start.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const environment = here("./.venv")
const command = process.argv.slice(process.argv.indexOf("--") + 1)
if (!process.argv.includes("--") || command.length === 0) {
  console.error("Say what to run against the server: node scripts/with-prefect.mjs -- COMMAND")
  process.exit(2)
}

const run = async (program, given, options = {}) => {
  const child = spawn(program, given, { stdio: "inherit", ...options })
  const [code, signal] = await once(child, "exit")
  return code ?? `ended by ${signal}`
}

const must = async (...given) => {
  const code = await run(...given)
  if (code !== 0) throw new Error(`${given[0]} ${given[1].join(" ")} ended with ${code}.`)
}

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address()
  server.close()
  await once(server, "close")
  return port
}

await must("python3", ["-m", "venv", environment])
const bin = (name) => join(environment, "bin", name)
await must(bin("pip"), ["install", "--quiet", "--requirement", here("./requirements.txt")])

const home = await mkdtemp(join(tmpdir(), "execlog-prefect-"))
const port = await freePort()
const password = "admin:canary-made-up-password"
const url = `http://127.0.0.1:${port}/api`
const env = {
  ...process.env,
  PREFECT_HOME: home,
  PREFECT_API_URL: url,
  PREFECT_SERVER_API_AUTH_STRING: password,
  PREFECT_API_AUTH_STRING: password,
  PREFECT_SERVER_ANALYTICS_ENABLED: "false",
  DO_NOT_TRACK: "1",
}
const server = spawn(
  bin("prefect"),
  ["server", "start", "--host", "127.0.0.1", "--port", String(port)],
  { env, stdio: "ignore" },
)
const isUp = () =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )
try {
  console.log(`Starting Prefect at ${url} …`)
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries === 240 || server.exitCode !== null) throw new Error("Prefect did not start.")
    await sleep(500)
  }
  console.log("Running the flows …")
  await must(bin("python"), [here("./flows.py")], { env, stdio: ["ignore", "ignore", "inherit"] })
  process.exitCode = await run(command[0], command.slice(1), {
    env: { ...process.env, PREFECT_BASE_URL: url, PREFECT_API_KEY: password },
  })
} finally {
  server.kill()
  if (server.exitCode === null) await once(server, "exit")
  await rm(home, { recursive: true, force: true })
}
