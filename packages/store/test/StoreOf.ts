import type { Execution } from "@execlog/core"
import { openStore, type Store, type StoreOptions } from "../src/index.js"

/** A store that is closed when it is disposed of. */
export type OpenedStore = Store & AsyncDisposable

/** Opens a store for one test. */
export const storeOf = async (
  { address }: { readonly address: string },
  options?: StoreOptions,
): Promise<OpenedStore> => {
  const store = await openStore(address, options)
  return { ...store, [Symbol.asyncDispose]: store.close }
}

/** Everything that a store keeps, in its order. */
export const kept = async (
  store: Store,
  ...asked: Parameters<Store["executions"]>
): Promise<ReadonlyArray<Execution>> => {
  const found: Array<Execution> = []
  for await (const execution of store.executions(...asked)) found.push(execution)
  return found
}
