import { spawn } from "node:child_process"
import type { Change } from "@execlog/core"
import type { Notices } from "./Notices.js"
import { terminalJson } from "./TerminalText.js"

/** Calls a command for a change; resolves when it has ended, however it did. */
export type ChangeCommand = (change: Change) => Promise<void>

/**
 * A command line for the shell. What it writes goes to stderr, since stdout holds the data. That it
 * fails is said, and no reason to end.
 */
export const makeChangeCommand =
  (command: string, environment: NodeJS.ProcessEnv, notices: Notices): ChangeCommand =>
  async (change) => {
    const { id } = change.execution
    // The line that waits would be drawn over what the command writes.
    notices.progress.stop()
    const failure = await callCommand(command, change, environment)
    notices.progress.show("following")
    if (failure !== null) notices.warn(`--exec: the command ${failure}, for execution ${id}.`)
  }

/** Gives how it failed; null where it did not. */
const callCommand = (
  command: string,
  { execution, previous }: Change,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      // The terminal or the file that stderr is; by its number, so that nothing is held back here.
      stdio: ["pipe", 2, 2],
      env: {
        ...environment,
        EXECLOG_STATUS: execution.status,
        EXECLOG_PREVIOUS_STATUS: previous?.status ?? "",
        EXECLOG_ID: variableText(execution.id),
        EXECLOG_PROVIDER: execution.provider,
        EXECLOG_CONNECTION: variableText(execution.connection ?? ""),
      },
    })
    child.once("error", (error) => resolve(`could not be started: ${error.message}`))
    child.once("exit", (code, signal) => {
      if (signal !== null) resolve(`was ended by ${signal}`)
      else resolve(code === 0 ? null : `ended with ${code}${code === 127 ? " (not found)" : ""}`)
    })
    // It need not read what it is given.
    child.stdin?.on("error", () => {})
    child.stdin?.end(`${terminalJson(execution)}\n`)
  })

/** A variable ends with its first NUL, and no process starts that is given one with it. */
const variableText = (text: string): string => text.replaceAll("\0", "")
