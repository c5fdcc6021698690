import type { ChildProcess } from "node:child_process"
import { undoAtEnd } from "./ProgramEnd.js"

/** Windows has no process groups: there only the shell of a command can be ended. */
export const hasProcessGroups = process.platform !== "win32"

/** Sends a signal to a command that leads a process group, and to all that it has started. */
export const signalGroup = (leader: ChildProcess, signal: NodeJS.Signals): void => {
  if (leader.pid === undefined) return
  try {
    if (hasProcessGroups) process.kill(-leader.pid, signal)
    else leader.kill(signal)
  } catch {
    // Nothing of it is left.
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
