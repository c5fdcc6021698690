import type { Execution, ExecutionStatus } from "@execlog/core"
import { mergeObservation } from "@execlog/core/unstable"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { began, execution, page, running, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

// These tests do not depend on how far back a sync looks.
const everything = { full: true, onWarning: () => {} }

describe.each(databases)("observations in $name", ({ make }) => {
  it("stores one execution for each connection and id", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    for (const name of ["shop", "mill"]) {
      const pages = () => [page([execution("1"), execution("2")])]
      await store.sync(scripted({ name, pages }), { onWarning: () => {} })
      await store.sync(scripted({ name, pages }), everything)
    }
    const found = await kept(store)
    expect(found.map(({ connection, id }) => `${connection} ${id}`).toSorted()).toEqual([
      "mill 1",
      "mill 2",
      "shop 1",
      "shop 2",
    ])
    expect(found.at(-1)).toEqual(
      execution(found.at(-1)?.id ?? "", { connection: found.at(-1)?.connection ?? "" }),
    )
  })

  it("stores executions of an unnamed connection under the name of the provider", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const summary = await store.sync(
      scripted({ name: null, pages: () => [page([execution("1")])] }),
    )
    expect(summary).toMatchObject({ connection: "scripted", added: 1, isComplete: true })
    expect(await store.get("scripted", "1")).toMatchObject({
      execution: { connection: null },
    })
    expect((await kept(store, {}, { connections: ["scripted"] })).map(({ id }) => id)).toEqual([
      "1",
    ])
  })

  it("keeps the status of the later request when responses arrive out of order", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const ended = execution("1", { status: "failed", providerStatus: "bad" })
    // The later request was answered first.
    const pages = () => [
      page([ended], { at: 500, next: "later" }),
      page([running("1")], { at: 100 }),
    ]
    expect(await store.sync(scripted({ pages }))).toMatchObject({ added: 1, unchanged: 1 })
    const found = await store.get("shop", "1")
    expect(found).toMatchObject({ execution: { status: "failed" }, changes: [] })
    expect(found?.lastSeenAt).toEqual(new Date(began + 500))
  })

  it("keeps steps, inputs, outputs and raw when a later sync does not request them", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const parts = { steps: [], inputs: { order: 7 }, outputs: "done\u0000", raw: { odd: "\ud800" } }
    const sync = (at: number, by: Partial<Execution>) =>
      store.sync(scripted({ pages: () => [page([execution("1", by)], { at })] }), everything)
    await sync(0, parts)
    await sync(1, {})
    await sync(2, { outputs: null })
    const all = ["steps", "inputs", "outputs", "raw"] as const
    const expected = { steps: [], inputs: { order: 7 }, outputs: null, raw: { odd: "\ud800" } }
    expect((await kept(store, { include: all }))[0]).toMatchObject(expected)
    expect((await store.get("shop", "1", ["raw"]))?.execution).toMatchObject(expected)
    expect((await store.get("shop", "1"))?.execution).not.toHaveProperty("raw")
    expect((await kept(store))[0]).not.toHaveProperty("inputs")
  })

  it("keeps executions that the provider has deleted", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("1"), running("2")])] }))
    const forgetful = scripted({ pages: () => [page([], { at: 9 })], get: () => null })
    const summary = await store.sync(forgetful, { onWarning: () => {} })
    expect(summary).toMatchObject({ added: 0, changed: 0, gone: 1 })
    expect(
      (await kept(store, {}, { gone: "include" })).map(({ id, status }) => [id, status]),
    ).toEqual([
      ["2", "running"],
      ["1", "succeeded"],
    ])
  })

  it("records each change of status once, including those of a retried execution", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const failed = execution("1", { status: "failed", providerStatus: "FAILED" })
    const life = [
      running("1"),
      running("1"),
      failed,
      failed,
      running("1"),
      execution("1"),
      execution("1"),
    ]
    for (const [at, seen] of life.entries()) {
      await store.sync(scripted({ pages: () => [page([seen], { at })] }), everything)
    }
    const changes = await store.changes(0)
    expect(changes.map(({ number, previous }) => [number, previous?.status])).toEqual([
      [1, "running"],
      [2, "failed"],
      [3, "running"],
    ])
    const found = await store.get("shop", "1")
    expect(
      found?.changes.map(({ previous, next, observedAt }) => [
        previous?.providerStatus,
        next.providerStatus,
        observedAt.getTime() - began,
      ]),
    ).toEqual([
      ["going", "FAILED", 2],
      ["FAILED", "going", 4],
      ["going", "ok", 5],
    ])
    expect(found?.execution).toMatchObject({ status: "succeeded", error: null })
    expect(await store.changes(2, 1)).toMatchObject([{ number: 3 }])
    expect(await store.changes(3)).toEqual([])
  })

  it("reports an execution that appears after the history was read, but not the history", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("1")])] }))
    await store.sync(scripted({ pages: () => [page([running("2"), execution("1")], { at: 5 })] }))
    expect(await store.changes(0)).toMatchObject([
      { number: 1, previous: null, execution: { id: "2", status: "running" } },
    ])
  })

  it("reports the first execution of a provider that had none", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({}))
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 5 })] }))
    expect(await store.changes(0)).toMatchObject([{ previous: null, execution: { id: "1" } }])
  })

  it("stores what a merge in memory gives, for any observations in any order", async () => {
    await using database = await make()
    let round = 0
    await using store = await storeOf(database)
    const statuses: ReadonlyArray<ExecutionStatus> = ["queued", "running", "succeeded", "failed"]
    const observation = fc.record({
      id: fc.constantFrom("1", "2", "3"),
      status: fc.constantFrom(...statuses),
      at: fc.nat({ max: 6 }),
      inputs: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
      tokens: fc.option(fc.nat({ max: 2 })),
    })
    const pages = fc.array(fc.array(observation, { maxLength: 3 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(pages, async (made) => {
        const name = `connection ${++round}`
        const naive = new Map<string, { readonly execution: Execution; readonly at: number }>()
        let changes = 0
        for (const observed of made) {
          const at = observed[0]?.at ?? 0
          const executions = observed.map(({ id, status, inputs, tokens }) =>
            execution(id, {
              connection: name,
              status,
              providerStatus: status,
              usage: { totalTokens: tokens, totalSteps: null },
              ...(inputs === undefined ? {} : { inputs }),
            }),
          )
          for (const one of executions) {
            const before = naive.get(one.id)
            if (before !== undefined && before.at > at) continue
            if (before !== undefined && before.execution.status !== one.status) changes += 1
            naive.set(one.id, {
              execution: before === undefined ? one : mergeObservation(before.execution, one),
              at,
            })
          }
          const client = scripted({
            name,
            pages: (_, { listedSince } = {}) =>
              listedSince === undefined ? [page(executions, { at })] : [],
          })
          await store.sync(client, { ...everything, staleAfterMs: Number.MAX_SAFE_INTEGER })
        }
        const found = await kept(store, { include: ["inputs"] }, { connections: [name] })
        expect(new Map(found.map((one) => [one.id, one]))).toEqual(
          new Map([...naive].map(([id, { execution: one }]) => [id, one])),
        )
        const recorded = await Promise.all(
          [...naive.keys()].map(async (id) => (await store.get(name, id))?.changes ?? []),
        )
        const recordedChanges = recorded.flat()
        expect(recordedChanges.filter(({ previous }) => previous !== null)).toHaveLength(changes)
        expect(
          recordedChanges.every(({ previous, next }) => previous?.status !== next.status),
        ).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})
