import type { ChildProcess } from "node:child_process"
import { undoAtEnd } from "../../session/ProgramEnd.js"

/** Windows has no process groups: there only the shell of a command can be ended. */
export const hasProcessGroups = process.platform !== "win32"

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
export const endGroup = async (leader: ChildProcess): Promise<void> => {
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
