import { reasonText } from "../../formats/ReasonText.js"
import { undoAtEnd } from "../../session/Interruption.js"
import { terminalJson } from "../../text/TerminalText.js"
import type { Change } from "@execlog/core"
import { type ChildProcess, spawn } from "node:child_process"

/** A command line for the shell, and what it is given. */
export interface CommandCall {
  readonly command: string
  readonly environment: NodeJS.ProcessEnv
  /** It is ended after so long. */
  readonly timeoutMs: number
  /** Ends it, and what it has started. */
  readonly cutOff: AbortSignal
}

// What a system takes for all variables of a process is not much; stdin holds everything whole.
const longestVariable = 2000

/** Calls a command for a change. Gives how it failed; null where it did not. */
export const callCommand = async (
  { command, environment, timeoutMs, cutOff }: CommandCall,
  change: Change,
): Promise<string | null> => {
  const env = { ...environment, ...variablesOf(change) }
  const start = () =>
    spawn(command, {
      shell: true,
      detached: hasProcessGroups,
      // The terminal or the file that stderr is; by its number, so that nothing is held back here.
      stdio: ["pipe", 2, 2],
      env,
    })
  let started: ReturnType<typeof startWithProgram>
  try {
    started = startWithProgram(start)
  } catch (error) {
    // Where what it is given is too much for the system, nothing is started at all.
    return couldNotStart(error)
  }
  const { leader, callOff } = started
  const ended = new Promise<string | null>((resolve) => {
    leader.once("error", (error) => resolve(couldNotStart(error)))
    leader.once("exit", (code, signal) => {
      if (signal !== null) resolve(`was ended by ${signal}`)
      else resolve(code === 0 ? null : `ended with ${code}${code === 127 ? " (not found)" : ""}`)
    })
  })
  // It need not read what it is given.
  leader.stdin?.on("error", () => {})
  leader.stdin?.end(`${terminalJson(change.execution)}\n`)
  const { cut, forget } = cutAfter(timeoutMs, cutOff)
  const failure = await Promise.race([ended, cut])
  forget()
  // What it has started in the background by itself goes on; nothing of what failed is left behind.
  if (failure !== null) await endGroup(leader)
  callOff()
  return failure
}

/** Resolves when a command is to be ended, with why. */
const cutAfter = (timeoutMs: number, cutOff: AbortSignal) => {
  let forget = () => {}
  const cut = new Promise<string>((resolve) => {
    const end = () => resolve("was ended")
    const timer = setTimeout(() => resolve("did not end in time"), timeoutMs)
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

/** A variable ends with its first NUL, and no process starts that is given one with it. */
const variableText = (text: string): string => text.slice(0, longestVariable).replaceAll("\0", "")

/** Windows has no process groups: there only the shell of a command can be ended. */
const hasProcessGroups = process.platform !== "win32"

/** Sends a signal to a command that leads a process group, and to all that it has started. */
const signalGroup = (leader: ChildProcess, signal: NodeJS.Signals): void => {
  if (leader.pid === undefined) return
  try {
    if (hasProcessGroups) process.kill(-leader.pid, signal)
    else leader.kill(signal)
  } catch {
    // Nothing of it is left.
  }
}

// For a command to end in good order; less than Ctrl-C and what it waits for take together.
const patienceMs = 300
const lookMs = 20

/**
 * Ends a command and all that it has started: by SIGTERM, and after a while by SIGKILL, also where
 * its shell has ended first.
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
 * Starts a command that ends with the program, however that ends but by SIGKILL. `callOff` is called
 * once it has ended by itself.
 */
export const startWithProgram = <Leader extends ChildProcess>(
  start: () => Leader,
): { readonly leader: Leader; readonly callOff: () => void } => {
  let leader: Leader | undefined
  // A terminal that is closed, and its Ctrl-\, reach the program alone. On SIGTERM it is waited for.
  // Set up first: what the command does may bring the signal before its start has returned.
  const callOff = undoAtEnd(() => {
    if (leader !== undefined) signalGroup(leader, "SIGKILL")
  }, ["SIGHUP", "SIGQUIT"])
  try {
    leader = start()
    return { leader, callOff }
  } catch (error) {
    callOff()
    throw error
  }
}
