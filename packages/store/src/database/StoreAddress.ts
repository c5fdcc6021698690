import * as Effect from "effect/Effect"
import { StoreError } from "./StoreError.js"

/** What a store is opened for: to read what is there, or to write, which makes it where it is not. */
export type Access = "read" | "write"

/** A database of Postgres. */
export interface PostgresAddress {
  readonly kind: "postgres"
  readonly url: URL
  /** As a socket takes it; a folder where it begins with a slash. */
  readonly host: string
  readonly shown: string
  /** What no message may tell. */
  readonly secrets: ReadonlyArray<string>
}

/** Where a store is. */
export type StoreAddress =
  | { readonly kind: "sqlite"; readonly path: string; readonly shown: string }
  | PostgresAddress

/**
 * Reads a path or a URL of Postgres. Fails with `InvalidAddress`, and shows nothing of an address that is
 * neither: it may hold a password. A password may be given beside it.
 */
export const readStoreAddress = (
  address: string,
  password?: string,
): Effect.Effect<StoreAddress, StoreError> => {
  if (address.trim() === "") return invalid("The address of the store is empty.")
  const scheme = schemeOf(address)
  if (scheme === null) {
    return namesFile(address)
      ? Effect.succeed({ kind: "sqlite", path: address, shown: address })
      : invalid("The address of the store is not a path, and is not written as one of Postgres.")
  }
  if (scheme !== "postgres" && scheme !== "postgresql") {
    return invalid(`A store cannot be at a ${scheme} address.`)
  }
  const url = URL.canParse(address) ? new URL(address) : null
  // A password with a slash or a # that is not encoded ends up there.
  if (url === null || url.hash !== "" || !isPathOfDatabase(url.pathname)) {
    return invalid(
      "The address of the store is no URL. In a password, characters such as / and # are percent-encoded.",
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
 * Whether an address is the path of a file. What looks as if it was to be a URL, or the words by which
 * other programs are told of a database, is none; the words may stand in what begins as a path does.
 */
export const namesFile = (address: string): boolean => {
  if (address.includes("://")) return false
  if (/^(\.{1,2}[/\\]|\/(?!\/)|[a-z]:[/\\]|~)/i.test(address)) return true
  return !(
    /^[^\w.]*(pg|psql|postg\w*)\s*[:;]/i.test(address) ||
    // A name, a password and a host.
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
