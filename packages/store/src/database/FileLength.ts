import { statSync } from "node:fs"
import type { DatabaseSync } from "node:sqlite"

/** What SQLite itself calls a file that is damaged. */
const damagedCode = 11

/** The file of a database ends inside of a page. */
class CutOffError extends Error {
  override readonly name = "CutOffError"
  readonly errcode = damagedCode
}

/**
 * Throws where the file of a database ends inside of its last page: SQLite takes what is missing for
 * zeros, and finds out only where it reads there. The log beside the file has to be empty.
 */
export const checkLength = (database: DatabaseSync, path: string): void => {
  const pageSize = database.prepare("PRAGMA page_size").get()?.["page_size"]
  // Not opened to look into it: closing it would let go of the locks of others in this process.
  if (typeof pageSize === "number" && statSync(path).size % pageSize !== 0) {
    throw new CutOffError("the file was cut off")
  }
}
