import type { Connection } from "@execlog/core/adapter"

/** A key that no provider knows. */
export const wrongKey = "execlog-wrong-key"

/** The connection with an unknown key; null if it needs none. */
export const withWrongKey = (connection: Connection): Connection | null => {
  const secrets = connection.secrets()
  if (secrets.length === 0) return null
  const wrong = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, wrongKey), text)
  return {
    ...connection,
    secrets: () => [...secrets, wrongKey],
    auth: () => ({
      headers: Object.fromEntries(
        Object.entries(connection.auth().headers).map(([name, value]) => {
          const [, encoded] = /^Basic (\S+)$/.exec(value) ?? []
          if (encoded !== undefined) return [name, `Basic ${btoa(wrong(atob(encoded)))}`]
          // A header that encodes the key differently is replaced completely.
          return [name, wrong(value) === value ? wrongKey : wrong(value)]
        }),
      ),
    }),
  }
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Keeps the prefix of an id such as fr_00150, without which a provider may reject it as malformed. */
const prefixed = (id: string): string | null => {
  const [, prefix, rest = ""] = /^([a-z]+[_:-])([a-z]*\d[\da-z]*)$/i.exec(id) ?? []
  if (prefix === undefined) return null
  // Zero may be the first id of a provider.
  return prefix + (/^\d{1,3}$/.test(rest) ? "999999999" : "0".repeat(rest.length))
}

/** An id shaped like another that no execution has; null if none can be made up. */
export const unknownIdLike = (connection: Connection, id: string): string | null => {
  const candidates = [
    uuid.test(id) ? "00000000-0000-4000-8000-000000000000" : null,
    /^\d+$/.test(id) ? "999999999" : null,
    prefixed(id),
    id.replaceAll(/[\da-z]/gi, "0"),
  ]
  return (
    candidates.find(
      (other): other is string =>
        other !== null && other !== id && connection.get?.checkId(other) === null,
    ) ?? null
  )
}
