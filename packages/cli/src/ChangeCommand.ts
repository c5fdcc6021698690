import { spawn } from "node:child_process"
import type { Change } from "@execlog/core"
import { hasProcessGroups, signalGroup, startWithProgram } from "./CommandGroup.js"
import { reasonText } from "./formats/ReasonText.js"
import type { Notices } from "./Notices.js"
import { terminalJson } from "./TerminalText.js"

/**
 * Calls a command for a change; resolves when it has ended, however it did. Gives whether it was left
 * to its end.
 */
export type ChangeCommand = (change: Change) => Promise<boolean>

/** How a command that is in hand learns that following ends. */
export interface CommandEnding {
  /** Once it is aborted, that the command is waited for is said. */
  readonly waited: AbortSignal
  /** Ends the command, and what it has started. */
  readonly cutOff: AbortSignal
}

// What a system takes for all variables of a process is not much; stdin holds it whole.
const longestReason = 2000

// For a command to end in good order; less than a second Ctrl-C is waited for.
const patienceMs = 300

/**
 * A command line for the shell. What it writes goes to stderr, since stdout holds the data. That it
 * fails is said, and no reason to end.
 */
export const makeChangeCommand =
  (
    command: string,
    environment: NodeJS.ProcessEnv,
    notices: Notices,
    ending: CommandEnding,
  ): ChangeCommand =>
  async (change) => {
    const { id } = change.execution
    if (ending.cutOff.aborted) return false
    // The line that waits would be drawn over what the command writes.
    notices.progress.stop()
    const sayWaited = () =>
      notices.tell(`The command for execution ${id} is still running. A second signal ends it.`)
    if (ending.waited.aborted) sayWaited()
    ending.waited.addEventListener("abort", sayWaited, { once: true })
    const failure = await callCommand(command, change, environment, ending.cutOff)
    ending.waited.removeEventListener("abort", sayWaited)
    // Its exit code tells of the signal, and not of the command.
    if (ending.cutOff.aborted) return false
    notices.progress.show("following")
    if (failure !== null) notices.warn(`--exec: the command ${failure}, for execution ${id}.`)
    return true
  }

/** Gives how it failed; null where it did not. */
const callCommand = (
  command: string,
  { execution, previous }: Change,
  environment: NodeJS.ProcessEnv,
  cutOff: AbortSignal,
): Promise<string | null> =>
  new Promise((resolve) => {
    const { leader: child, callOff } = startWithProgram(() =>
      spawn(command, {
        shell: true,
        detached: hasProcessGroups,
        // The terminal or the file that stderr is; by its number, so that nothing is held back here.
        stdio: ["pipe", 2, 2],
        env: {
          ...environment,
          EXECLOG_STATUS: execution.status,
          EXECLOG_PREVIOUS_STATUS: previous?.status ?? "",
          EXECLOG_ERROR: variableText(reasonText(execution, true)?.slice(0, longestReason) ?? ""),
          EXECLOG_ID: variableText(execution.id),
          EXECLOG_PROVIDER: execution.provider,
          EXECLOG_CONNECTION: variableText(execution.connection ?? ""),
        },
      }),
    )
    const end = () => {
      signalGroup(child, "SIGTERM")
      // What does not end then, ends with the program.
      setTimeout(() => resolve("did not end"), patienceMs)
    }
    cutOff.addEventListener("abort", end, { once: true })
    const ended = (failure: string | null) => {
      callOff()
      cutOff.removeEventListener("abort", end)
      resolve(failure)
    }
    child.once("error", (error) => ended(`could not be started: ${error.message}`))
    child.once("exit", (code, signal) => {
      if (signal !== null) ended(`was ended by ${signal}`)
      else ended(code === 0 ? null : `ended with ${code}${code === 127 ? " (not found)" : ""}`)
    })
    // It need not read what it is given.
    child.stdin?.on("error", () => {})
    child.stdin?.end(`${terminalJson(execution)}\n`)
  })

/** A variable ends with its first NUL, and no process starts that is given one with it. */
const variableText = (text: string): string => text.replaceAll("\0", "")
