// The command line and one adapter, then another that the command line says how to install.

import { spawn } from "node:child_process"
import { join } from "node:path"
import { expectThat } from "./checks.mjs"
import { run, succeed, withPrograms } from "./commands.mjs"
import { install } from "./consumer.mjs"
import { readTree } from "./installed-tree.mjs"
import { expectOnly } from "./library.mjs"

const installs = { npm: "npm install", pnpm: "pnpm add" }

/** @param {Parameters<typeof import("./library.mjs").checkLibrary>[0]} given */
export const checkCommandLine = async ({ check, consumer, served, runtimes, weigh }) => {
  const first = served.find(({ id }) => id === "dify")
  const other = served.find(({ id }) => id === "alloy")
  if (first === undefined || other === undefined) throw new Error("Dify and Alloy are not served.")
  const nodes = runtimes.filter(({ name }) => name.startsWith("Node"))
  for (const manager of /** @type {const} */ (["npm", "pnpm"])) {
    const wanted = ["execlog", first.packageName]
    const at = await consumer(`${manager}-command-line`, manager)
    const installed = await check(`${manager} installs ${wanted.join(" ")}`, async () => {
      await install(at, wanted)
      return true
    })
    if (installed === undefined) continue
    await check("  no other adapter is there, and core and effect once", async () => {
      const tree = await readTree(join(at.folder, "node_modules"))
      expectOnly(tree.packages, ["@execlog/core", "@execlog/server", "@execlog/store", ...wanted])
      weigh(wanted.join(" "), tree)
    })
    for (const node of nodes) {
      await check(`  execlog list reads ${first.id} on ${node.name}`, () =>
        expectList(at, node, first),
      )
    }
    const [node] = nodes
    if (node === undefined) continue
    await check(`  execlog sync keeps what list --stored gives`, async () => {
      await execlog(at, node, first, ["sync", ...askedOf(first)])
      const stored = ["list", "--stored", "--limit", "200", "--format", "ndjson"]
      const lines = (await execlog(at, node, first, stored)).trim().split("\n")
      expectThat(
        lines.length === first.ids.size,
        `${lines.length} executions are kept, and the server has ${first.ids.size}.`,
      )
    })
    await check("  execlog serve --demo serves four connections", () => expectDemo(at, node))
    const command = `${installs[manager]} ${other.packageName}`
    await check(`  asked for ${other.id}, it says: ${command}`, async () => {
      const { code, stderr } = await ask(at, node, other, ["list", ...askedOf(other)])
      expectThat(code !== 0, "It ended well.")
      expectThat(stderr.includes(command), `It said:\n${stderr}`)
      const [program = "", ...args] = command.split(" ")
      await succeed(program, args, { cwd: at.folder, env: at.env })
      await expectList(at, node, other)
    })
  }
}

/** Throws unless the installed server serves its demo. */
const expectDemo = async ({ folder, env }, node) => {
  const program = join(folder, "node_modules/.bin/execlog")
  const child = spawn(program, ["serve", "--demo", "--port", "0"], {
    cwd: folder,
    env: withPrograms(env, node.folder),
    stdio: ["ignore", "ignore", "pipe"],
  })
  try {
    const url = await addressOf(child)
    const { connections } = await (await fetch(`${url}/api/connections`)).json()
    expectThat(connections.length === 4, `It serves ${JSON.stringify(connections)}.`)
  } finally {
    child.kill("SIGKILL")
  }
}

/** The address that a server prints when it has started. */
const addressOf = async (child) => {
  let said = ""
  for await (const chunk of child.stderr.setEncoding("utf8")) {
    said += chunk
    const [url] = /http:\/\/\S+/.exec(said) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`It did not start:\n${said}`)
}

/** How a provider's server is asked. */
const askedOf = ({ id, settings }) => ["--provider", id, "--set", `baseUrl=${settings.baseUrl}`]

/** Runs the installed execlog as a shell would, under a Node. */
const ask = ({ folder, env }, node, { id, settings }, args) => {
  const key = { [`${id.toUpperCase()}_API_KEY`]: settings.apiKey }
  const place = { cwd: folder, env: withPrograms({ ...env, ...key }, node.folder) }
  return run(join(folder, "node_modules/.bin/execlog"), args, place)
}

const execlog = async (at, node, provider, args) => {
  const { code, stdout, stderr } = await ask(at, node, provider, args)
  expectThat(code === 0, `execlog ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`)
  return stdout
}

const expectList = async (at, node, provider) => {
  const args = ["list", ...askedOf(provider), "--limit", "20", "--format", "ndjson"]
  const lines = (await execlog(at, node, provider, args)).trim().split("\n")
  const ids = lines.map((line) => JSON.parse(line).id)
  expectThat(new Set(ids).size === 20, `${ids.length} executions were listed, and not 20.`)
  const unknown = ids.filter((id) => !provider.ids.has(id))
  expectThat(unknown.length === 0, `The server has no ${unknown.join(", ")}.`)
}
