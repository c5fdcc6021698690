import * as Effect from "effect/Effect"
import { StoreError } from "./StoreError.js"

/** Where a store is. */
export type StoreAddress =
  | { readonly kind: "sqlite"; readonly path: string; readonly shown: string }
  | { readonly kind: "postgres"; readonly url: URL; readonly shown: string }

/** Reads a path or a URL of Postgres. Fails with `InvalidAddress`. */
export const readStoreAddress = (address: string): Effect.Effect<StoreAddress, StoreError> => {
  if (address.trim() === "") return invalid("The address of the store is empty.")
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    return Effect.succeed({ kind: "sqlite", path: address, shown: address })
  }
  if (scheme !== "postgres" && scheme !== "postgresql") {
    return invalid(`A store cannot be at a ${scheme} address.`)
  }
  if (!URL.canParse(address)) return invalid("The address of the store is no URL.")
  const url = new URL(address)
  const shown = `postgres://${url.host}${url.pathname}`
  return Effect.succeed({ kind: "postgres", url, shown })
}

const invalid = (message: string): Effect.Effect<never, StoreError> =>
  Effect.fail(
    new StoreError({
      reason: "InvalidAddress",
      message,
      hint: "Name a file, such as ./execlog.db, or a database: postgres://user@host:5432/database.",
    }),
  )
