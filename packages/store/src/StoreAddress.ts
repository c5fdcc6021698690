import { StoreError } from "./StoreError.js"

/** Where a store is. */
export type StoreAddress =
  | { readonly kind: "sqlite"; readonly path: string; readonly shown: string }
  | { readonly kind: "postgres"; readonly url: URL; readonly shown: string }

/** Reads a path or a URL of Postgres. Throws a StoreError `InvalidAddress`. */
export const readStoreAddress = (address: string): StoreAddress => {
  if (address.trim() === "") {
    throw invalid("The address of the store is empty.")
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase()
  if (scheme === undefined) return { kind: "sqlite", path: address, shown: address }
  if (scheme !== "postgres" && scheme !== "postgresql") {
    throw invalid(`A store cannot be at a ${scheme} address.`)
  }
  if (!URL.canParse(address)) throw invalid("The address of the store is no URL.")
  const url = new URL(address)
  return { kind: "postgres", url, shown: `postgres://${url.host}${url.pathname}` }
}

const invalid = (message: string): StoreError =>
  new StoreError({
    reason: "InvalidAddress",
    message,
    hint: "Name a file, such as ./execlog.db, or a database: postgres://user@host:5432/database.",
  })
