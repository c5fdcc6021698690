import type { Command } from "commander"

/** The flag for the address of the store. */
export interface StoreFlags {
  readonly store?: string
}

/** The flags of commands that can read the store instead of the providers. */
export interface StoredFlags extends StoreFlags {
  readonly stored?: boolean
}

const where = "a file, or postgres://user@host/database; default: ./execlog.db"

/** The flag that selects only executions that are gone at their provider. */
export interface GoneFlag {
  readonly gone?: boolean
}

/** Adds the flag for the address of the store. */
export const withStoreFlag = (command: Command): Command =>
  command.optionsGroup("Store:").option("--store <path or url>", where)

/** Adds the flags to read a store instead of the providers. */
export const withStoredFlags = (command: Command): Command =>
  command
    .optionsGroup("Store:")
    .option("--stored", "read what execlog sync has stored, without requests to a provider")
    .option("--store <path or url>", `with --stored: ${where}`)

/** Adds the flag to read from a store what is gone at its provider. */
export const withGoneFlag = (command: Command): Command =>
  command.option(
    "--gone",
    "with --stored: only unfinished executions that the provider no longer has, which are omitted otherwise",
  )
