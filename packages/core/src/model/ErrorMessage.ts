import { isJsonObject, type Json } from "./Json.js"

/** The message of an error: a text, or an object's text under `message`, `detail` or `error`. */
export const messageOf = (error: Json | undefined): string | undefined => {
  if (typeof error === "string") return error
  if (!isJsonObject(error)) return undefined
  for (const name of ["message", "detail", "error"]) {
    const said = error[name]
    if (typeof said === "string" && said !== "") return said
    if (isJsonObject(said) && typeof said["message"] === "string") return said["message"]
  }
  return undefined
}
