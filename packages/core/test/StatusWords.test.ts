import { describe, expect, it } from "vitest"
import { type AdapterError, executionStatuses, type LogQuery } from "../src/index.js"
import { checkQuery } from "../src/model/LogQuery.js"
import { statusMeant } from "../src/unstable.js"

describe("a provider's word for a status", () => {
  it.each([
    ["cancelled", "canceled"],
    ["CANCELLED", "canceled"],
    ["aborted", "canceled"],
    ["killed", "canceled"],
    ["stopped", "canceled"],
    ["terminated", "canceled"],
    ["error", "failed"],
    ["errored", "failed"],
    ["crashed", "failed"],
    ["CRASHED", "failed"],
    ["success", "succeeded"],
    ["successful", "succeeded"],
    ["completed", "succeeded"],
    ["complete", "succeeded"],
    ["done", "succeeded"],
    ["pending", "queued"],
    ["SCHEDULED", "queued"],
    ["new", "queued"],
    ["in_progress", "running"],
    ["in-progress", "running"],
    ["paused", "waiting"],
    ["AwaitingRetry", "waiting"],
    ["timeout", "timed_out"],
    ["partial-succeeded", "partial"],
  ])("understands %s as %s", (word, status) => {
    expect(statusMeant(word)).toEqual({ status, isForeign: true })
  })
})

describe("a misspelt status", () => {
  it.each([
    ["faild", "failed"],
    ["fialed", "failed"],
    ["Failed", "failed"],
    ["failled", "failed"],
    ["runing", "running"],
    ["suceeded", "succeeded"],
    ["succeded", "succeeded"],
    ["timedout", "timed_out"],
    ["TimedOut", "timed_out"],
    ["timed-out", "timed_out"],
    ["cancled", "canceled"],
    ["skiped", "skipped"],
    ["unknwon", "unknown"],
    ["compelted", "succeeded"],
    ["erorr", "failed"],
  ])("understands %s as %s", (word, status) => {
    expect(statusMeant(word)).toEqual({ status, isForeign: false })
  })

  it.each(["", "x", "on", "no", "blue", "workflow", "f".repeat(100_000)])(
    "suggests nothing for %j",
    (word) => {
      expect(statusMeant(word)).toBeNull()
    },
  )

  it("recognizes every status itself", () => {
    for (const status of executionStatuses) expect(statusMeant(status)?.status).toBe(status)
  })
})

describe("a query with a wrong status", () => {
  it.each([
    [
      "cancelled",
      `For "cancelled" write "canceled"; for a provider's own status, use providerStatus.`,
    ],
    ["faild", 'For "faild" write "failed".'],
    ["blue", "Correct the query and try again.", "correct_query"],
  ])("says for %s what to write", (word, hint, code = "change_value") => {
    // Plain JavaScript may pass anything.
    const query = { status: ["queued", word] } as unknown as LogQuery
    const rejected = (): unknown => {
      try {
        return checkQuery(query, 0)
      } catch (error) {
        return error
      }
    }
    const { reason, subject, hint: said } = rejected() as AdapterError
    expect({ reason, subject, hint: said }).toEqual({
      reason: "InvalidQuery",
      subject: { kind: "query", name: "status" },
      hint: { code, text: hint },
    })
  })
})
