import type { Connection, ProviderProblem } from "./Connection.js"
import { isJsonObject, type Json, type JsonObject } from "./Json.js"

/**
 * What an answer's body says is wrong: what the adapter reads of it, else what stands under a usual
 * name. Proxies and gateways before a server answer in words of their own.
 */
export const readProblem = (
  connection: Connection,
  status: number,
  body: unknown,
): ProviderProblem => {
  const read = connection.problem(status, body)
  // An adapter in plain JavaScript may give anything.
  const message: unknown = read.message
  const problem = typeof message === "string" ? read : { ...read, message: undefined }
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
