// The runtimes that execlog is tried on, taken through npx where they are not the one at hand.

import { tmpdir } from "node:os"
import { dirname } from "node:path"
import { run } from "./commands.mjs"

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} program
 * @property {string} folder where the program lies
 */

/**
 * A runtime, or why it cannot be had here.
 * @param {string} name
 * @param {string} packageName
 * @param {string} ask prints the path of the program
 * @returns {Promise<Runtime | { name: string, reason: string }>}
 */
const fetched = async (name, packageName, ask) => {
  const args = ["--yes", "--prefer-offline", "-p", packageName, "-c", ask]
  const { code, stdout, stderr } = await run("npx", args, { cwd: tmpdir(), env: npxEnvironment })
  const program = stdout.trim().split("\n").at(-1) ?? ""
  if (code === 0 && program !== "") return { name, program, folder: dirname(program) }
  return { name, reason: stderr.trim().split("\n").at(-1) ?? `npx ended with ${code}` }
}

/** The environment for npx, without settings of the program that started this one. */
const npxEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|INIT_CWD)$/.test(name)),
)

const node = async (major) =>
  process.versions.node.startsWith(`${major}.`)
    ? { name: `Node ${major}`, program: process.execPath, folder: dirname(process.execPath) }
    : fetched(`Node ${major}`, `node@${major}`, "node -p process.execPath")

/** Those that can be had, and why others cannot. Without one of the Nodes nothing is proven. */
export const findRuntimes = async () => {
  const found = await Promise.all([
    node(24),
    node(22),
    fetched("Bun", "bun@1", "bun -e 'console.log(process.execPath)'"),
  ])
  const missing = found.filter((runtime) => "reason" in runtime)
  for (const { name, reason } of missing) {
    if (name.startsWith("Node")) throw new Error(`npx could not get ${name}: ${reason}`)
  }
  return { runtimes: found.filter((runtime) => "program" in runtime), missing }
}
