import * as Effect from "effect/Effect"
import { StoreError } from "./StoreError.js"

/** How a store is opened: `read` requires that it exists, `write` creates it if it does not. */
export type Access = "read" | "write"

/** The address of a Postgres database. */
export interface PostgresAddress {
  readonly kind: "postgres"
  readonly url: URL
  /** The host to connect to; a folder of Unix sockets if it starts with a slash. */
  readonly host: string
  readonly shown: string
  /** Passwords, redacted from messages. */
  readonly secrets: ReadonlyArray<string>
}

/** The location of a store. */
export type StoreAddress =
  | { readonly kind: "sqlite"; readonly path: string; readonly shown: string }
  | PostgresAddress

/**
 * Reads a path or a Postgres URL. Fails with `InvalidAddress` without showing the address, which may
 * contain a password. `password` is only redacted from messages.
 */
export const readStoreAddress = (
  address: string,
  password?: string,
): Effect.Effect<StoreAddress, StoreError> => {
  // Plain JavaScript may pass anything.
  const given: unknown = address
  if (typeof given !== "string") {
    return invalid(
      `The address of the store must be a path or a Postgres URL as a string, not ${given === null ? "null" : typeof given}.`,
    )
  }
  if (address.trim() === "") return invalid("The address of the store is empty.")
  const scheme = schemeOf(address)
  if (scheme === null) {
    return namesFile(address)
      ? Effect.succeed({ kind: "sqlite", path: address, shown: address })
      : invalid("The address of the store is neither a path nor a valid Postgres URL.")
  }
  if (scheme !== "postgres" && scheme !== "postgresql") {
    return invalid(`A store cannot have a ${scheme} address.`)
  }
  const url = URL.canParse(address) ? new URL(address) : null
  // An unencoded slash or # in a password ends up in the hash or path.
  if (url === null || url.hash !== "" || !isPathOfDatabase(url.pathname)) {
    return invalid(
      "The address of the store is not a valid URL. Percent-encode characters such as / and # in a password.",
    )
  }
  const asked = url.searchParams.getAll("host").at(-1)
  return Effect.succeed({
    kind: "postgres",
    url,
    host: asked ?? url.hostname.replaceAll(/^\[|\]$/g, ""),
    shown: `postgres://${asked ?? url.host}${url.pathname}`,
    secrets: [...passwordsIn(url), ...(password === undefined ? [] : [password])],
  })
}

const schemeOf = (address: string): string | null =>
  /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase() ?? null

const isPathOfDatabase = (path: string): boolean => path.lastIndexOf("/") <= 0 && !/[@:]/.test(path)

const passwordsIn = ({ password, searchParams }: URL): ReadonlyArray<string> =>
  [password, decoded(password), ...searchParams.getAll("password")].filter((text) => text !== "")

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Whether an address is a file path. Mistyped URLs and connection strings such as `host=… password=…`
 * are not, unless they start like a path: they would create a file whose name shows the password.
 */
export const namesFile = (address: string): boolean => {
  if (address.includes("://")) return false
  if (/^(\.{1,2}[/\\]|\/(?!\/)|[a-z]:[/\\]|~)/i.test(address)) return true
  return !(
    /^[^\w.]*(pg|psql|postg\w*)\s*[:;]/i.test(address) ||
    // user:password@host
    (address.includes(":") && address.lastIndexOf("@") > address.indexOf(":")) ||
    /\b(host|user|dbname|password)\s*=/i.test(address)
  )
}

const invalid = (message: string): Effect.Effect<never, StoreError> =>
  Effect.fail(
    new StoreError({
      reason: "InvalidAddress",
      message,
      hint: "correct_address",
    }),
  )
