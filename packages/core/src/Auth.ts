/** How a request proves who asks, as plain headers. Import it as a namespace: `Auth.bearer(key)`. */
import * as Redacted from "effect/Redacted"

/** The headers that carry the secret. Their names are never shown with their values. */
export interface Auth {
  readonly headers: { readonly [name: string]: string }
}

/** `Authorization: Bearer KEY`. */
export const bearer = (key: Redacted.Redacted): Auth => ({
  headers: { authorization: `Bearer ${Redacted.value(key)}` },
})

/** A header of the provider's own: `x-api-key: KEY`. */
export const header = (name: string, key: Redacted.Redacted): Auth => ({
  headers: { [name.toLowerCase()]: Redacted.value(key) },
})
