// Runs the programs of others, as in a terminal of somebody who never saw this repository.

import { execFile } from "node:child_process"
import { delimiter, join } from "node:path"
import { promisify } from "node:util"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")

/** Longer takes only what hangs. */
const patience = 300_000

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set()

/** Ends what was started and has not ended. */
export const endPrograms = () => {
  for (const child of running) child.kill()
}

/**
 * Without what npm and pnpm tell the scripts that they run, without the programs of this repository,
 * and without keys and settings that the machine may hold for execlog.
 */
export const outsideEnvironment = Object.fromEntries(
  Object.entries(process.env)
    .filter(
      ([name]) =>
        !/^(npm_|pnpm_|(CI|TEST|NODE_ENV|NODE_OPTIONS|INIT_CWD)$)|_(API_KEY|BASE_URL)$/i.test(name),
    )
    .map(([name, value = ""]) => [name, name === "PATH" ? outsidePath(value) : value]),
)

/** @param {string} path */
function outsidePath(path) {
  return path
    .split(delimiter)
    .filter((folder) => !folder.startsWith(root))
    .join(delimiter)
}

/** With these folders' programs before all others. */
export const withPrograms = (environment, ...folders) => ({
  ...environment,
  PATH: [...folders, environment.PATH].join(delimiter),
})

/**
 * @typedef {{ cwd: string, env?: Record<string, string | undefined> }} Place
 * @typedef {{ code: number, stdout: string, stderr: string }} Ended
 */

/**
 * Runs a program, and tells how it ended.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Place} place
 * @returns {Promise<Ended>}
 */
export const run = async (program, args, { cwd, env = outsideEnvironment }) => {
  const ended = exec(program, args, { cwd, env, timeout: patience, maxBuffer: 1e8 })
  running.add(ended.child)
  ended.child.stdin?.end()
  try {
    return { code: 0, ...(await ended) }
  } catch (cause) {
    const { code, signal, stdout = "", stderr = "", message } = Object(cause)
    if (typeof code === "number") return { code, stdout, stderr }
    throw new Error(`${program} ${args.join(" ")}: ${signal ?? message}\n${stdout}${stderr}`, {
      cause,
    })
  } finally {
    running.delete(ended.child)
  }
}

/**
 * Runs a program that must end well, and gives what it printed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Place} place
 */
export const succeed = async (program, args, place) => {
  const { code, stdout, stderr } = await run(program, args, place)
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`)
}
