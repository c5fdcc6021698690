import type { Execution } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { began, execution, page, running, scripted } from "./ScriptedClient.js"
import { storeOf } from "./StoreOf.js"

const later = (minutes: number) => new Date(began + minutes * 60_000)

const first = running("1", {
  scheduledFor: later(-1),
  actor: { kind: "end_user", id: "u1", name: null, email: null },
  usage: { totalTokens: 1, totalSteps: null },
  steps: [],
  inputs: 1,
  outputs: 1,
  raw: 1,
})

const last = execution("1", {
  workflow: { id: "w2", name: "Orders", version: null },
  status: "failed",
  providerStatus: "bad",
  scheduledFor: later(1),
  startedAt: later(2),
  finishedAt: later(3),
  listedAt: later(4),
  durationMs: 60_000,
  error: { message: "no paper", type: null, stepId: null },
  actor: { kind: "end_user", id: "u2", name: null, email: null },
  usage: { totalTokens: 2, totalSteps: null },
  steps: [
    {
      id: "s",
      name: null,
      type: null,
      status: "failed",
      providerStatus: null,
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      error: null,
      attributes: {},
    },
  ],
  inputs: 2,
  outputs: 2,
  raw: 2,
})

describe.each(databases)("the columns of an execution in $name", ({ make }) => {
  it("updates every column when everything of an execution has changed", async () => {
    await using database = await make()
    await using fresh = await make()
    await using store = await storeOf(database)
    await using other = await storeOf(fresh)
    const client = (observed: Execution, at: number) =>
      scripted({ pages: () => [page([observed], { at })] })
    const options = { include: ["steps", "inputs", "outputs", "raw"], details: "none" } as const
    const rows = async ({ ask }: typeof database) => [
      ...(await ask("SELECT * FROM executions")),
      ...(await ask("SELECT * FROM documents")),
    ]

    await store.sync(client(first, 0), options)
    await database.ask(
      "UPDATE executions SET stale_at = 1, gone_at = 1, details_at = 1, details_tries = 1",
    )
    const before = await rows(database)
    await store.sync(client(last, 1), options)
    const after = await rows(database)
    await other.sync(client(last, 1), options)
    const [execution, document] = await rows(fresh)

    const firstSeenAt = before[0]?.["first_seen_at"]
    expect(after).toEqual([{ ...execution, first_seen_at: firstSeenAt }, document])
    const same = after.flatMap((row, index) =>
      Object.keys(row).filter((column) => row[column] === before[index]?.[column]),
    )
    expect(same).toEqual(["key", "connection_id", "id", "first_seen_at", "key"])
  })
})
