import { Execution } from "@execlog/core"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { describe, expect, it } from "vitest"
import { databases, type TestDatabase } from "./Databases.js"
import { began, execution, page, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

const isExecution = Schema.is(Execution)

const filled = execution("1", {
  connection: "shop",
  status: "failed",
  error: { message: "no paper", type: "Refused", stepId: "s" },
  actor: { kind: "end_user", id: "u", name: "Ada", email: "ada@example.com" },
  attributes: { room: "a" },
  tags: ["nightly"],
  steps: [
    {
      id: "s",
      name: "Hook",
      type: "http",
      status: "failed",
      providerStatus: "bad",
      startedAt: new Date(began),
      finishedAt: new Date(began + 1),
      durationMs: 1,
      error: { message: "no paper", type: "Refused" },
      attributes: { lamp: 1 },
    },
  ],
})

const client = (at: number, by = filled) => scripted({ pages: () => [page([by], { at })] })

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What an older version wrote: each object with only the fields that every version has written. */
const ofOlderVersion = (value: unknown, always: ReadonlyArray<string>): unknown => {
  if (Array.isArray(value)) return value.map((one) => ofOlderVersion(one, always))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      always.includes(name) ? [[name, ofOlderVersion(inner, always)]] : [],
    ),
  )
}

/** Changes the documents of a store the way an older version would have written them. */
const rewrite = async (
  { ask }: TestDatabase,
  column: "execution" | "steps",
  older: (document: unknown) => unknown,
) => {
  const [row] = await ask(`SELECT ${column} AS text FROM documents`)
  const text = JSON.stringify(older(JSON.parse(String(row?.["text"])))).replaceAll("'", "''")
  await ask(`UPDATE documents SET ${column} = '${text}'`)
}

const without =
  (name: string) =>
  (document: unknown): Fields =>
    Object.fromEntries(
      Object.entries(isFields(document) ? document : {}).filter(([key]) => key !== name),
    )

const summary = Struct.omit(filled, ["provider", "connection", "steps"])
const youngFields = Object.keys(summary).filter((name) => name !== "id" && name !== "status")

describe.each(databases)("a row in $name that is older than a field", ({ make }) => {
  it("lists the execution, with an empty value, when its document lacks any one field", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    for (const [index, name] of youngFields.entries()) {
      await store.sync(client(index, { ...filled, providerStatus: `${index}` }), { full: true })
      await rewrite(database, "execution", without(name))
      const [found] = await kept(store)
      expect([name, isExecution(found)]).toEqual([name, true])
      expect(found).toMatchObject(without(name)({ ...summary, providerStatus: `${index}` }))
    }
  })

  it("lists and gets the execution when parts of its document lack fields", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(client(0), { include: ["steps"] })
    const parts = ["workflow", "trigger", "usage", "error", "actor"]
    const always = [...parts, "id", "status", "message", "kind"]
    for (const column of ["execution", "steps"] as const) {
      await rewrite(database, column, (document) => ofOlderVersion(document, always))
    }
    const nothing = { timestamp: null, scheduledFor: null, listedAt: null, tags: [] }
    const older = {
      ...nothing,
      id: "1",
      status: "failed",
      workflow: { id: "w1", name: null, version: null },
      error: { message: "no paper", type: null, stepId: null },
      actor: { kind: "end_user", id: "u", name: null, email: null },
      usage: { totalTokens: null, totalSteps: null },
      attributes: {},
      steps: [{ id: "s", name: null, status: "failed", startedAt: null, attributes: {} }],
    }
    const [listed] = await kept(store, { include: ["steps"] })
    expect(listed).toMatchObject(older)
    expect(isExecution(listed)).toBe(true)
    const got = await store.get("shop", "1")
    expect(got?.execution).toMatchObject(older)
    expect(isExecution(got?.execution)).toBe(true)
  })

  it("counts the execution as changed only when the provider has a value for the field", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(client(0))
    await rewrite(database, "execution", without("attempt"))
    expect(await store.sync(client(1), { full: true })).toMatchObject({ added: 0, changed: 0 })
    const counted = client(2, { ...filled, attempt: 2 })
    expect(await store.sync(counted, { full: true })).toMatchObject({ changed: 1 })
    expect(await kept(store)).toMatchObject([{ id: "1", attempt: 2 }])
  })
})
