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

/** Ends a command with the program, however that ends but by SIGKILL. Gives what calls that off. */
export const endWithProgram = (leader: ChildProcess): (() => void) =>
  // A terminal that is closed, and its Ctrl-\, reach the program alone. On SIGTERM it is waited for.
  undoAtEnd(() => signalGroup(leader, "SIGKILL"), ["SIGHUP", "SIGQUIT"])
