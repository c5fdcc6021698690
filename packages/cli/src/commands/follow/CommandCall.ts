import { type ChildProcess, spawn } from "node:child_process"
import type { Change } from "@execlog/core"
import { reasonText } from "../../formats/ReasonText.js"
import { undoAtExit } from "../../session/Interruption.js"
import { terminalJson } from "../../text/TerminalText.js"

/** A command line for the shell, and how to run it. */
export interface CommandCall {
  readonly command: string
  readonly environment: NodeJS.ProcessEnv
  /** The command is stopped after this time. */
  readonly timeoutMs: number
  /** Stops the command and all processes it started. */
  readonly cutOff: AbortSignal
}

// Systems limit the size of the environment; stdin has the full values.
const longestVariable = 2000

/** Calls a command for a change. Returns how it failed, or null. */
export const callCommand = async (
  { command, environment, timeoutMs, cutOff }: CommandCall,
  change: Change,
): Promise<string | null> => {
  const env = { ...environment, ...variablesOf(change) }
  const start = () =>
    spawn(command, {
      shell: true,
      detached: hasProcessGroups,
      // Its output goes directly to our stderr, unbuffered.
      stdio: ["pipe", 2, 2],
      env,
    })
  let started: ReturnType<typeof startBoundToProgram>
  try {
    started = startBoundToProgram(start)
  } catch (error) {
    // The arguments or the environment are too long for the system.
    return couldNotStart(error)
  }
  const { leader, cancel } = started
  const ended = new Promise<string | null>((resolve) => {
    leader.once("error", (error) => resolve(couldNotStart(error)))
    leader.once("exit", (code, signal) => {
      if (signal !== null) resolve(`was killed by ${signal}`)
      else resolve(code === 0 ? null : `exited with ${code}${code === 127 ? " (not found)" : ""}`)
    })
  })
  // The command may ignore its stdin.
  leader.stdin?.on("error", () => {})
  leader.stdin?.end(`${terminalJson(change.execution)}\n`)
  const { cut, forget } = cutAfter(timeoutMs, cutOff)
  const failure = await Promise.race([ended, cut])
  forget()
  // Background processes of a successful command continue; those of a failed one are stopped.
  if (failure !== null) await endGroup(leader)
  cancel()
  return failure
}

/** Resolves with the reason when the command must be stopped. */
const cutAfter = (timeoutMs: number, cutOff: AbortSignal) => {
  let forget = () => {}
  const cut = new Promise<string>((resolve) => {
    const end = () => resolve("was stopped")
    const timer = setTimeout(() => resolve("timed out"), timeoutMs)
    cutOff.addEventListener("abort", end, { once: true })
    forget = () => {
      clearTimeout(timer)
      cutOff.removeEventListener("abort", end)
    }
  })
  return { cut, forget: () => forget() }
}

const couldNotStart = (error: unknown): string =>
  `could not be started: ${error instanceof Error ? error.message : String(error)}`

const variablesOf = ({ execution, previous }: Change): Readonly<Record<string, string>> => ({
  EXECLOG_STATUS: execution.status,
  EXECLOG_PREVIOUS_STATUS: previous?.status ?? "",
  EXECLOG_ERROR: variableText(reasonText(execution, true) ?? ""),
  EXECLOG_ID: variableText(execution.id),
  EXECLOG_PROVIDER: variableText(execution.provider),
  EXECLOG_CONNECTION: variableText(execution.connection ?? ""),
})

/** Shortens a text, and removes NUL, with which no process would start. */
const variableText = (text: string): string => text.slice(0, longestVariable).replaceAll("\0", "")

/** Windows has no process groups: there, only the command's shell can be stopped. */
const hasProcessGroups = process.platform !== "win32"

/** Sends a signal to a command and to all processes it started. */
const signalGroup = (leader: ChildProcess, signal: NodeJS.Signals): void => {
  if (leader.pid === undefined) return
  try {
    if (hasProcessGroups) process.kill(-leader.pid, signal)
    else leader.kill(signal)
  } catch {
    // No process is left.
  }
}

// Time for a command to stop in good order; less than the patience after Ctrl-C.
const patienceMs = 300
const lookMs = 20

/**
 * Stops a command and all processes it started, with SIGTERM and after a while with SIGKILL, even if
 * its shell has already exited.
 */
const endGroup = async (leader: ChildProcess): Promise<void> => {
  signalGroup(leader, "SIGTERM")
  for (let waited = 0; waited < patienceMs && isThere(leader); waited += lookMs) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  signalGroup(leader, "SIGKILL")
}

const isThere = (leader: ChildProcess): boolean => {
  if (leader.pid === undefined) return false
  try {
    process.kill(hasProcessGroups ? -leader.pid : leader.pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Starts a command that is killed when the program ends, except by SIGKILL. Call `cancel`
 * once the command has exited.
 */
export const startBoundToProgram = <Leader extends ChildProcess>(
  start: () => Leader,
): { readonly leader: Leader; readonly cancel: () => void } => {
  let leader: Leader | undefined
  // A closed terminal and Ctrl-\ signal the program only. On SIGTERM, the program waits for the command.
  // Set up first: the command may cause the signal before its start returns.
  const cancel = undoAtExit(() => {
    if (leader !== undefined) signalGroup(leader, "SIGKILL")
  }, ["SIGHUP", "SIGQUIT"])
  try {
    leader = start()
    return { leader, cancel }
  } catch (error) {
    cancel()
    throw error
  }
}
