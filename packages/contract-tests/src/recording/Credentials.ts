import type { Json } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { makeRedactor, redacted } from "@execlog/core/unstable"
import { type JsonRewrite, rewritten, rewrittenText } from "./JsonRewrite.js"

/** Removes credentials from recordings. */
export interface Credentials {
  readonly json: (value: Json) => Json
  readonly text: (text: string) => string
  /** The headers of a request for a fixture, with `Bearer REDACTED` for the key. */
  readonly requestHeaders: (headers: { readonly [name: string]: string }) => Record<string, string>
  /** Whether a text still contains a form of the key. */
  readonly remainsIn: (text: string) => boolean
}

const alwaysSecret = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

// Headers added by fetch are not the adapter's.
const unsaid = ["accept", "user-agent", "content-length", "host"]

const jsonWebToken = /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}(?:\.[\w-]*)?/g
const schemed = /\b(Bearer|Basic|Token|ApiKey)\s+(?=\S*\d|\S{24})[\w.~+/=-]{8,}/g

/** The credentials of a connection, other named ones, and the user's own headers. */
export const credentialsOf = (
  connection: Connection,
  others: ReadonlyArray<string> = [],
  ownHeaders: { readonly [name: string]: string | undefined } = {},
): Credentials => {
  const { headers: authHeaders } = connection.auth()
  // Including the header's value, in which the key may be encoded with a user name.
  const sent = [...Object.values(authHeaders), ...Object.values(ownHeaders)].flatMap((value) =>
    value === undefined ? [] : [value.replace(/^[A-Za-z]+ (?=\S)/, "")],
  )
  const redactor = makeRedactor([...connection.secrets(), ...sent, ...others])
  const own = Object.keys(authHeaders).map((name) => name.toLowerCase())
  // The user's headers are omitted: no adapter sends them.
  const users = Object.keys(ownHeaders).map((name) => name.toLowerCase())
  const names = new Set([...alwaysSecret, ...own, ...users])
  const assigned = new RegExp(
    String.raw`\b(${[...names].map((name) => name.replaceAll(/\W/g, String.raw`\$&`)).join("|")})(["']?\s*[:=]\s*["']?)([^\r\n"',}]+)`,
    "gi",
  )
  const text = (value: string): string =>
    redactor
      .whole(value)
      .replaceAll(assigned, `$1$2${redacted}`)
      .replaceAll(jsonWebToken, redacted)
      .replaceAll(schemed, `$1 ${redacted}`)
  const how: JsonRewrite = {
    text,
    // A key of digits may be returned as a number.
    number: (value) => (redactor.whole(String(value)) === String(value) ? value : redacted),
    drops: (name) => names.has(name.toLowerCase()),
  }
  return {
    json: (value) => rewritten(value, how),
    text: (value) => rewrittenText(value, how),
    requestHeaders: (headers) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => !unsaid.includes(name.toLowerCase()))
          .flatMap(([name, value]): Array<[string, string]> => {
            const lower = name.toLowerCase()
            if (own.includes(lower)) return [[lower, withoutKey(value)]]
            return names.has(lower) ? [] : [[lower, text(value)]]
          }),
      ),
    remainsIn: (written) => redactor.whole(written) !== written,
  }
}

const withoutKey = (value: string): string => {
  const [, scheme] = /^([A-Za-z]+) \S/.exec(value) ?? []
  return scheme === undefined ? "REDACTED" : `${scheme} REDACTED`
}
