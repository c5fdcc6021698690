import type { Connection, ProviderProblem } from "../adapter/Connection.js"
import { isJsonObject, type Json, type JsonObject } from "../model/Json.js"
import { guarded, Unreadable } from "../model/Guarded.js"

/**
 * What an answer's body says is wrong: what the adapter reads of it, else what stands under a usual
 * name. Proxies and gateways before a server answer in words of their own.
 */
export const readProblem = (
  connection: Connection,
  status: number,
  body: unknown,
): ProviderProblem => {
  const read = guarded((given: unknown) => connection.problem(status, given), body)
  // An adapter that fails on an error must not hide it, and one in plain JavaScript may give anything.
  const told: ProviderProblem = read instanceof Unreadable ? {} : read
  const message: unknown = told.message
  const problem = typeof message === "string" ? told : { ...told, message: undefined }
  // It came from JSON.parse, so it is JSON.
  const said = body as Json
  return problem.message === undefined && isJsonObject(said)
    ? { ...problem, message: usualMessage(said) }
    : problem
}

const usualMessage = (body: JsonObject): string | undefined => {
  for (const name of ["message", "detail", "error"]) {
    const said: Json | undefined = body[name]
    if (typeof said === "string" && said !== "") return said
    if (isJsonObject(said) && typeof said["message"] === "string") return said["message"]
  }
  return undefined
}
