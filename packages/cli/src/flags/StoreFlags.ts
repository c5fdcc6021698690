import type { Command } from "commander"

/** Where executions are kept. */
export interface StoreFlags {
  readonly store?: string
}

/** Whether a command reads what is kept instead of asking the providers. */
export interface StoredFlags extends StoreFlags {
  readonly stored?: boolean
}

const where = "a file, or postgres://user@host/database; default: ./execlog.db"

/** Whether a command reads of a store what is gone alone. */
export interface GoneFlag {
  readonly gone?: boolean
}

/** Adds the flag that says where the store is. */
export const withStoreFlag = (command: Command): Command =>
  command.optionsGroup("Store:").option("--store <path or url>", where)

/** Adds the flags that read a store instead of the providers. */
export const withStoredFlags = (command: Command): Command =>
  command
    .optionsGroup("Store:")
    .option("--stored", "read what execlog sync has kept, and ask no provider")
    .option("--store <path or url>", `with --stored: ${where}`)

/** Adds the flag that asks a store for what is gone at its provider. */
export const withGoneFlag = (command: Command): Command =>
  command.option(
    "--gone",
    "with --stored: what had not ended when its provider had it no more; it is left out else",
  )
