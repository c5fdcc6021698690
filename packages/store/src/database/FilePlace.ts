import { statSync } from "node:fs"

/** What SQLite itself calls it where it finds that out. */
export const movedCode = 1032

/** The file of a database is not where it was opened. */
class FileMovedError extends Error {
  override readonly name = "FileMovedError"
  readonly errcode = movedCode
}

/**
 * Gives a check that the file at a path is the one that was opened: to one that was moved away or
 * deleted everything could still be written, and nobody would find it.
 */
export const watchPlace = (path: string): (() => void) => {
  if (path === ":memory:") return () => {}
  const opened = statSync(path)
  return () => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.ino === opened.ino && found.dev === opened.dev) return
    throw new FileMovedError("The file was moved or replaced")
  }
}
