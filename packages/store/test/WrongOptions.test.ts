import { describe, expect, it } from "vitest"
import { openStore, type Store } from "../src/index.js"
import { databases } from "./Databases.js"
import { scripted } from "./ScriptedClient.js"
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

/** From plain JavaScript, which passes anything. */
const anything = (json: string) => JSON.parse(json)

/** The line of a stack under the message. */
const callerOf = (error: unknown): string =>
  error instanceof Error
    ? (error.stack?.split("\n").find((line) => /^\s+at /.test(line)) ?? "")
    : ""

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
    expect(callerOf(error)).toContain("WrongOptions.test.ts")
  })

  it.each<[string, (store: Store) => Promise<unknown>, string, RegExp]>([
    [
      "an object without methods as the client",
      (store) => store.sync(anything("{}")),
      "client",
      /no method complete/,
    ],
    ["null as the client", (store) => store.sync(anything("null")), "client", /not null/],
    [
      "null as the options of sync",
      (store) => store.sync(scripted({}), anything("null")),
      "options",
      /must be an object, not null/,
    ],
    [
      "a string as the query",
      (store) => drain(store.executions(anything('"all"'))),
      "query",
      /is an object/,
    ],
    [
      "null as the options of a list",
      (store) => drain(store.entries({}, anything("null"))),
      "options",
      /must be an object, not null/,
    ],
    [
      "a number as the cursor",
      (store) => drain(store.executions({}, anything('{ "cursor": 5 }'))),
      "cursor",
      /The cursor must be a string/,
    ],
    [
      "a string as the connections",
      (store) => drain(store.executions({}, anything('{ "connections": "shop" }'))),
      "connections",
      /must be an array of strings, not "shop"/,
    ],
    [
      "an unknown word as gone",
      (store) => drain(store.statisticRows({}, anything('{ "gone": "all" }'))),
      "gone",
      /must be exclude, include or only/,
    ],
    [
      "null as the connection",
      (store) => store.get(anything("null"), "1"),
      "connection",
      /a string/,
    ],
    ["a number as the id", (store) => store.get("shop", anything("1")), "id", /a string, not 1/],
    [
      "a string as the include",
      (store) => store.get("a", "1", anything('"raw"')),
      "include",
      /include/,
    ],
    [
      "a string as the number of a change",
      (store) => store.changes(anything('"0"')),
      "after",
      /whole number/,
    ],
    ["0 as the most changes", (store) => store.changes(0, 0), "most", /of at least 1, not 0/],
    [
      "-1 as the most undelivered changes",
      (store) => store.undelivered(0, -1),
      "most",
      /of at least 1/,
    ],
    [
      "a number as a follower",
      (store) => store.followerPosition(anything("7")),
      "name",
      /a string, not 7/,
    ],
    [
      "a string as the since of a follower",
      (store) => store.followerPosition("f", anything('"yesterday"')),
      "since",
      /must be a valid Date, not "?yesterday/,
    ],
    [
      "NaN as the position of a follower",
      (store) => store.setFollowerPosition("f", Number.NaN),
      "number",
      /whole number of at least 0, not NaN/,
    ],
    [
      "null as the number of a delivery",
      (store) => store.deliveryTries("f", anything("null")),
      "number",
      /not null/,
    ],
    [
      "a string as the failure of a delivery",
      (store) => store.setDelivery("f", 1, anything('"no"')),
      "failed",
      /an object, not "no"/,
    ],
  ])(
    "names the argument when a call has %s, with a stack at the caller",
    async (_, call, name, message) => {
      await using database = await make()
      await using store = await storeOf(database)
      const error = await failure(call(store))
      expect(error).toMatchObject({
        _tag: "AdapterError",
        reason: "InvalidQuery",
        subject: { name },
        message: expect.stringMatching(message),
      })
      expect(callerOf(error)).toContain("WrongOptions.test.ts")
    },
  )

  it("rejects an access that is neither read nor write", async () => {
    await using database = await make()
    const options = anything('{ "access": "readonly" }')
    expect(await failure(openStore(database.address, options))).toMatchObject({
      reason: "InvalidQuery",
      message: 'The option access must be read or write, not "readonly".',
    })
  })

  it("rejects an unknown option of openStore, and opens nothing", async () => {
    await using database = await make()
    expect(await failure(openStore(database.address, { readonly: true } as object))).toMatchObject({
      reason: "InvalidQuery",
      message: 'openStore has no option "readonly".',
    })
  })
})

describe("openStore", () => {
  it.each([
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["a URL object", new URL("postgres://me:canary-word@example.com/x"), "object"],
  ])("rejects %s as an address without showing it", async (_, address, shown) => {
    const error = await failure(Reflect.apply(openStore, undefined, [address]))
    expect(error).toMatchObject({
      _tag: "StoreError",
      reason: "InvalidAddress",
      message: `The address of the store must be a path or a Postgres URL as a string, not ${shown}.`,
    })
    expect(callerOf(error)).toContain("WrongOptions.test.ts")
  })
})
