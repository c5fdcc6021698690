import { describe, expect, it } from "vitest"
import { openStore, type Store } from "../src/index.js"
import { databases } from "./Databases.js"
import { storeOf } from "./StoreOf.js"

const drain = async (iterable: AsyncIterable<unknown>): Promise<void> => {
  for await (const one of iterable) expect(one).toBeDefined()
}

const failure = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error("it did not fail")
}

describe.each(databases)("a store in $name", ({ make }) => {
  it.each<[string, (store: Store) => Promise<unknown>, string]>([
    ["executions", (store) => drain(store.executions({}, { maxItems: 1 } as object)), "maxItems"],
    ["entries", (store) => drain(store.entries({}, { conections: [] } as object)), "conections"],
    ["statisticRows", (store) => drain(store.statisticRows({}, { limit: 1 } as object)), "limit"],
  ])("rejects an unknown option of %s, with a stack at the caller", async (_, call, name) => {
    await using database = await make()
    await using store = await storeOf(database)
    const error = await failure(call(store))
    expect(error).toMatchObject({ reason: "InvalidQuery", subject: { kind: "option", name } })
    const [, second] = error instanceof Error ? (error.stack?.split("\n") ?? []) : []
    expect(second).toContain("WrongOptions.test.ts")
  })

  it("rejects an unknown option of openStore, and opens nothing", async () => {
    await using database = await make()
    expect(await failure(openStore(database.address, { readonly: true } as object))).toMatchObject({
      reason: "InvalidQuery",
      message: 'openStore has no option "readonly".',
    })
  })
})
