// Holds commands of the pages to what there is: the flags of the program, the scripts of package.json,
// the names of the packages.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

/** @import { PublishedPackage } from "../lib/published-packages.mjs" */

const root = join(import.meta.dirname, "../..")
const scriptsOf = (path) => Object.keys(JSON.parse(readFileSync(path, "utf8")).scripts ?? {})
const ofPnpm = new Set(["install", "add", "exec", "audit", "list", "--filter"])

/**
 * @param {ReadonlyArray<PublishedPackage>} packages
 * @param {string} adapter the folder of an adapter as it is scaffolded, whose scripts the pages name
 */
export const makeCommandCheck = async (packages, adapter) => {
  const cli = packages.find(({ name }) => name === "execlog")
  if (cli === undefined) throw new Error("execlog is not published")
  const builtOf = (file) => import(String(pathToFileURL(join(cli.path, "dist", file))))
  const { makeProgram } = await builtOf("Program.js")
  const { faultOfCall } = await builtOf("session/CallFaults.js")
  const names = new Set([...packages.map(({ name }) => name), "execlog-adapter-acme"])
  const scripts = new Set([
    ...[join(root, "package.json"), join(adapter, "package.json")].flatMap(scriptsOf),
    ...packages.flatMap(({ path }) => scriptsOf(join(path, "package.json"))),
  ])

  /** Reads the flags as the program does, and does nothing with them. */
  const execlog = async (args) => {
    const program = makeProgram({})
    for (const command of [program, ...program.commands]) {
      command.configureOutput({ writeOut: () => {}, writeErr: () => {} })
    }
    for (const command of program.commands) command.action(() => {})
    return program.parseAsync(args, { from: "user" }).then(
      () => null,
      (error) => {
        if (error.cause.exitCode === 0) return null
        return faultOfCall(error, args)?.message ?? "it shows the help alone"
      },
    )
  }

  const script = (name) => (scripts.has(name) ? null : `there is no script ${name}`)

  /**
   * @param {string[]} words
   * @returns {Promise<string | null>} what is wrong with the command
   */
  return async ([command, ...args]) => {
    if (command === "execlog") return execlog(args)
    if (command === "npx" && args[0] === "execlog") return execlog(args.slice(1))
    if (command === "npm" && args[0] === "run") return script(args[1])
    if (command === "npm" && args[0] === "test") return script("test")
    if (command === "npm" && args[0] === "install") {
      const unknown = args.filter((name) => /execlog/.test(name) && !names.has(name))
      return unknown.length === 0 ? null : `there is no package ${unknown.join(", ")}`
    }
    if (command === "pnpm" && !ofPnpm.has(String(args[0]))) {
      return script(args[0] === "run" ? args[1] : args[0])
    }
    return null
  }
}
