import { statSync } from "node:fs"

/** SQLite's own code for a moved file (SQLITE_READONLY_DBMOVED). */
export const movedCode = 1032

/** The database file was moved or replaced after it was opened. */
class FileMovedError extends Error {
  override readonly name = "FileMovedError"
  readonly errcode = movedCode
}

/**
 * Returns a check that the path still leads to the file that was opened. Writes to a moved or deleted
 * file would succeed and be lost.
 */
export const makeMovedFileCheck = (path: string): (() => void) => {
  if (path === ":memory:") return () => {}
  const opened = statSync(path)
  return () => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.ino === opened.ino && found.dev === opened.dev) return
    throw new FileMovedError("The file was moved or replaced")
  }
}
