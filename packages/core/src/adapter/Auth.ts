/**
 * The authentication of requests, as plain headers. Import it as a namespace: `Auth.bearer(key)`.
 */
import * as Redacted from "effect/Redacted"

/** The headers that carry the secret. Their values are never shown. */
export interface Auth {
  readonly headers: { readonly [name: string]: string }
  /** Parts of the secret that are as powerful as the whole; messages redact them too. */
  readonly secrets?: ReadonlyArray<string>
}

/** No authentication, for a server that needs none. */
export const none: Auth = { headers: {} }

/** `Authorization: Bearer KEY`. */
export const bearer = (key: Redacted.Redacted): Auth => ({
  headers: { authorization: `Bearer ${Redacted.value(key)}` },
})

/** A header of the provider: `x-api-key: KEY`. */
export const header = (name: string, key: Redacted.Redacted): Auth => ({
  headers: { [name.toLowerCase()]: Redacted.value(key) },
})

/**
 * Basic for a key with a colon, as in `user:password`, and Bearer for any other. No authorization
 * without a key.
 */
export const basicOrBearer = (key: Redacted.Redacted | null): Auth => {
  if (key === null) return none
  return Redacted.value(key).includes(":") ? basic(key) : bearer(key)
}

/** `Authorization: Basic …`, from `user:password`. */
export const basic = (userAndPassword: Redacted.Redacted): Auth => {
  const text = Redacted.value(userAndPassword)
  return {
    // btoa requires Latin-1 text; a secret setting is ASCII.
    headers: { authorization: `Basic ${btoa(text)}` },
    secrets: [text.slice(text.indexOf(":") + 1)],
  }
}
