/** How a request proves who asks, as plain headers. Import it as a namespace: `Auth.bearer(key)`. */
import * as Redacted from "effect/Redacted"

/** The headers that carry the secret. Their names are never shown with their values. */
export interface Auth {
  readonly headers: { readonly [name: string]: string }
  /** Parts of the secret that prove as much as the whole, and are kept out of messages as well. */
  readonly secrets?: ReadonlyArray<string>
}

/** Nothing proves who asks: the server is open to all who reach it. */
export const none: Auth = { headers: {} }

/** `Authorization: Bearer KEY`. */
export const bearer = (key: Redacted.Redacted): Auth => ({
  headers: { authorization: `Bearer ${Redacted.value(key)}` },
})

/** A header of the provider's own: `x-api-key: KEY`. */
export const header = (name: string, key: Redacted.Redacted): Auth => ({
  headers: { [name.toLowerCase()]: Redacted.value(key) },
})

/**
 * Basic if the key has a colon, as in `user:password`, and Bearer if not. Without a key, nothing is
 * sent: the server is open.
 */
export const basicOrBearer = (key: Redacted.Redacted | null): Auth => {
  if (key === null) return none
  return Redacted.value(key).includes(":") ? basic(key) : bearer(key)
}

/** `Authorization: Basic …`, of a user's name and password with a colon between them. */
export const basic = (userAndPassword: Redacted.Redacted): Auth => {
  const text = Redacted.value(userAndPassword)
  return {
    // A secret setting is ASCII, which btoa takes.
    headers: { authorization: `Basic ${btoa(text)}` },
    secrets: [text.slice(text.indexOf(":") + 1)],
  }
}
