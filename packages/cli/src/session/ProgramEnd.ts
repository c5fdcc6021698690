/**
 * Undoes something when the program ends, by itself or by one of these signals, by which it still
 * ends. Gives what calls that off.
 */
export const undoAtEnd = (
  undo: () => void,
  signals: ReadonlyArray<NodeJS.Signals>,
): (() => void) => {
  const callOff = () => {
    process.off("exit", undo)
    for (const signal of signals) process.off(signal, end)
  }
  const end = (signal: NodeJS.Signals) => {
    callOff()
    undo()
    process.kill(process.pid, signal)
  }
  process.on("exit", undo)
  for (const signal of signals) process.on(signal, end)
  return callOff
}
