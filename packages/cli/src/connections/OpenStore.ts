import { stat } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import type { Access, Store } from "@execlog/store"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { StoreFlags } from "../flags/StoreFlags.js"
import type { Session } from "../session/Session.js"
import { UsageError } from "../session/UsageError.js"
import { readConfig } from "./Config.js"
import { textWithVariables } from "./ConfigVariables.js"

/** The default store. */
const defaultStore = "./execlog.db"

/** A store, and the flags that name it. */
export interface OpenedStore {
  readonly store: Store
  readonly flags: ReadonlyArray<string>
}

/** Opens the store of --store, else of EXECLOG_STORE, else of the configuration, else the default. */
export const openStoreOf = async (
  flags: StoreFlags & ConnectionFlags,
  access: Access,
  session: Session,
): Promise<OpenedStore> => {
  const { openStore } = await import("@execlog/store")
  const { address, named } = await chooseStore(flags, session)
  const password = session.environment["PGPASSWORD"]
  return { store: await openStore(address, { access, password }), flags: named }
}

/** The address of that store, and the flags that name it. */
export const chooseStore = async (
  flags: StoreFlags & ConnectionFlags,
  session: Session,
): Promise<{ readonly address: string; readonly named: ReadonlyArray<string> }> => {
  const { namesFile } = await import("@execlog/store")
  const found = await findStore(flags, session, namesFile)
  await requireFile(found.address)
  return found
}

const findStore = async (
  { store, config: configPath }: StoreFlags & ConnectionFlags,
  { directory, environment }: Session,
  namesFile: (address: string) => boolean,
): Promise<{ readonly address: string; readonly named: ReadonlyArray<string> }> => {
  // An address that is not a path stays unresolved; the store rejects a wrong one without showing it.
  const inDirectory = (from: string, address: string): string =>
    address === ":memory:" || address === "" || !namesFile(address)
      ? address
      : resolve(from, address)
  if (store !== undefined) {
    if (store === "") throw new UsageError("--store is empty.", "Name a file or a database.")
    rejectPassword(store)
    return { address: inDirectory(directory, store), named: ["--store", store] }
  }
  const variable = environment["EXECLOG_STORE"]
  if (variable !== undefined && variable !== "") {
    return { address: inDirectory(directory, variable), named: [] }
  }
  const config = await readConfig(configPath, directory)
  if (config === null || config.store === null) {
    return { address: inDirectory(directory, defaultStore), named: [] }
  }
  const place = { file: config.path, path: "store" }
  const written = textWithVariables(config.store, place, environment)
  return { address: inDirectory(resolve(directory, dirname(config.path)), written), named: [] }
}

/** The store rejects it as well; rejecting it here gives the exit code of a usage error. */
const requireFile = async (address: string): Promise<void> => {
  const there = await stat(address).catch(() => null)
  if (there === null || there.isFile()) return
  throw there.isDirectory()
    ? new UsageError(`The store ${address} is a folder.`, "Name a file in it, such as execlog.db.")
    : new UsageError(
        `The store ${address} is not a file but a device or a pipe.`,
        "Name a file, such as execlog.db.",
      )
}

/** Other users can read the arguments of a program. */
const rejectPassword = (address: string): void => {
  if (!URL.canParse(address)) return
  const { password, searchParams } = new URL(address)
  if (password === "" && !searchParams.has("password")) return
  throw new UsageError(
    "--store contains a password, and other users can read the flags of a program.",
    "Leave it out of the address and set PGPASSWORD, or set EXECLOG_STORE to the whole address.",
  )
}
