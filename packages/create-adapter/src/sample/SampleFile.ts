import { readFile } from "node:fs/promises"
import type { Json } from "../shared/Json.js"
import { UsageError } from "../shared/UsageError.js"

/** Reads a file of JSON. Throws a UsageError that names the flag and the file. */
export const readSample = async (flag: string, path: string): Promise<Json> => {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`${flag} ${path} cannot be read: ${reason}`)
  })
  try {
    const json: Json = JSON.parse(text)
    return json
  } catch {
    throw new UsageError(`${flag} ${path} is not JSON. Save the body of a response unchanged.`)
  }
}
