import type { Connection, RequestSpec } from "../adapter/Connection.js"
import { AdapterError, type Subject } from "../model/AdapterError.js"

/** Headers that the user has sent with every request, as a gateway before the provider asks. */
export interface UserHeaders {
  /** With their names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** What is kept out of messages: the values, and what stands in them after a scheme. */
  readonly secrets: ReadonlyArray<string>
}

// What describes the body and the answer, or the line to the next machine, is not for a user to say.
const reserved =
  /^(?:accept|connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/

/** Checks the headers of a user. Throws `InvalidSettings`, which names the header and no value. */
export const checkHeaders = (
  connection: Connection,
  given: { readonly [name: string]: string | undefined },
): UserHeaders => {
  const entries = Object.entries(given).map(([written, value], index) => {
    const name = written.toLowerCase()
    // It is not shown: where name and value were mixed up, it is the key.
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw invalid(
        connection,
        `The name of header ${index + 1} contains characters that no name may have.`,
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

/** Which of a user's headers a request of the adapter has as well; undefined where there is none. */
export const headerInBoth = ({ headers }: UserHeaders, request: RequestSpec): string | undefined =>
  Object.keys(request.headers ?? {}).find((name) => Object.hasOwn(headers, name.toLowerCase()))

const faultOf = (
  connection: Connection,
  name: string,
  value: string | undefined,
): string | null => {
  if (Object.keys(connection.auth().headers).some((key) => key.toLowerCase() === name)) {
    return `holds the key of ${connection.provider}, which is one of its settings`
  }
  if (reserved.test(name)) return "cannot be set: each request has its own"
  if (value === undefined) return "has no value"
  if (value.trim() === "") return "is empty"
  // A header cannot carry these; fetch would complain with the value in its message.
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
