import type { Connection, RequestSpec } from "../adapter/Connection.js"
import { AdapterError, type Subject } from "../model/AdapterError.js"

/**
 * Headers that the user adds to every request, for example for a gateway in front of the provider.
 */
export interface UserHeaders {
  /** By name, in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** The texts to redact: the values, and the credentials in them after a scheme. */
  readonly secrets: ReadonlyArray<string>
}

// These describe the body, the response or the connection to the next hop; users cannot set them.
const reserved =
  /^(?:accept|connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/

/**
 * Validates a user's headers. Throws `InvalidSettings`, which names the header and never its value.
 */
export const checkHeaders = (
  connection: Connection,
  given: { readonly [name: string]: string | undefined },
): UserHeaders => {
  const entries = Object.entries(given).map(([written, value], index) => {
    const name = written.toLowerCase()
    // Not shown: if name and value were swapped, it is the key.
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw invalid(
        connection,
        `The name of header ${index + 1} contains characters that are not allowed in a name.`,
      )
    }
    const fault = faultOf(connection, name, value)
    if (value === undefined || fault !== null) {
      throw invalid(connection, `The header "${written}" ${fault ?? "has no value"}.`, {
        kind: "header",
        name: written,
      })
    }
    return [name, value] as const
  })
  const headers = Object.fromEntries(entries)
  if (Object.keys(headers).length < entries.length) {
    throw invalid(connection, "A header is given twice, in upper and in lower case.")
  }
  return { headers, secrets: entries.flatMap(([, value]) => [value, withoutScheme(value)]) }
}

/**
 * The name of a header that both the user and the adapter's request set; undefined if there is
 * none.
 */
export const headerInBoth = ({ headers }: UserHeaders, request: RequestSpec): string | undefined =>
  Object.keys(request.headers ?? {}).find((name) => Object.hasOwn(headers, name.toLowerCase()))

const faultOf = (
  connection: Connection,
  name: string,
  value: string | undefined,
): string | null => {
  if (Object.keys(connection.auth().headers).some((key) => key.toLowerCase() === name)) {
    return `carries the key of ${connection.provider}, which is one of its settings`
  }
  if (reserved.test(name)) return "cannot be set: execlog sets it itself"
  if (value === undefined) return "has no value"
  if (value.trim() === "") return "is empty"
  // A header cannot contain these; the error of fetch would quote the value.
  return /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value)
    ? null
    : "contains a line break, a space at an end or another character that a header cannot have"
}

const withoutScheme = (value: string): string => value.replace(/^[A-Za-z]+ +(?=\S)/, "")

const invalid = (
  { provider }: Connection,
  message: string,
  subject: Subject | null = null,
): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    provider,
    operation: "settings",
    subject,
    hint: { code: "correct_setting", text: "Correct it, or leave it out." },
  })
