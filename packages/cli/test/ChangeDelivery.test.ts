import type { Change } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { makeChangeDelivery } from "../src/commands/follow/ChangeDelivery.js"
import type { DeliveryRecord, FailedDelivery } from "../src/commands/follow/ChangeQueue.js"
import type { CallOutcome } from "../src/commands/follow/ExecCommand.js"
import { makeNotices } from "../src/session/Notices.js"
import { bareExecution } from "./BareExecution.js"

const changeOf = (id: string): Change => ({
  execution: { ...bareExecution, id },
  previous: null,
  observedAt: new Date(0),
})

const ok: CallOutcome = { failure: null }
const fails: CallOutcome = { failure: "exited with 3" }

/** Delivers changes by calls with these outcomes in turn, and records what happens. */
const delivering = (
  outcomes: ReadonlyArray<CallOutcome>,
  options: {
    readonly isKept?: boolean
    readonly tries?: number
    /** Whether following ends during the pause before the next try. */
    readonly stops?: boolean
  } = {},
) => {
  const called: Array<string> = []
  const waited: Array<number> = []
  const kept: Array<FailedDelivery | "delivered"> = []
  const stop = new AbortController()
  let said = ""
  const notices = makeNotices(
    {
      on: () => {},
      write: (text) => {
        said += text
      },
    },
    { show: () => {}, clear: () => {}, stop: () => {} },
  )
  const { deliver, warnOfUndelivered } = makeChangeDelivery({
    call: async ({ execution: { id } }) => outcomes[called.push(id) - 1] ?? null,
    mostTries: 5,
    stop: stop.signal,
    pause: async (milliseconds) => {
      waited.push(milliseconds)
      if (options.stops === true) stop.abort()
    },
    undeliveredHint: null,
    notices,
  })
  const record: DeliveryRecord = {
    isKept: options.isKept ?? false,
    tries: async () => options.tries ?? 0,
    failed: async (failed) => void kept.push(failed),
    delivered: async () => void kept.push("delivered"),
  }
  return {
    deliver: (id: string) => deliver(changeOf(id), record),
    warnOfUndelivered,
    called,
    waited,
    kept,
    said: () => said,
  }
}

describe("makeChangeDelivery", () => {
  it("calls a failing command again after growing pauses, until it succeeds", async () => {
    const { deliver, called, waited, kept, said, warnOfUndelivered } = delivering([
      fails,
      fails,
      fails,
      fails,
      ok,
    ])
    expect(await deliver("a")).toBe(true)
    expect(called).toEqual(["a", "a", "a", "a", "a"])
    expect(waited).toEqual([1000, 4000, 16_000, 60_000])
    expect(kept.at(-1)).toBe("delivered")
    expect(said()).toContain(
      "the command exited with 3 for execution a. Retrying in 1.0s (try 2 of 5).",
    )
    const before = said()
    warnOfUndelivered()
    expect(said()).toBe(before)
  })

  it("stops calling a command that always fails, and lists the undelivered changes at the end", async () => {
    const { deliver, called, kept, said, warnOfUndelivered } = delivering(
      Array.from({ length: 25 }, () => fails),
    )
    for (const id of ["a", "b", "c", "d", "e"]) expect(await deliver(id)).toBe(true)
    expect(called).toHaveLength(25)
    expect(kept.at(-1)).toEqual({ tries: 5, failure: "exited with 3", isLast: true })
    expect(said()).toContain("for execution a on try 5 of 5. The change is not delivered.")
    warnOfUndelivered()
    expect(said().trimEnd().split("\n").at(-1)).toBe(
      "execlog: warning: --exec: 5 changes were not delivered: execution a, b, c and 2 more.",
    )
  })

  it("counts the calls made before a restart", async () => {
    const { deliver, called } = delivering([fails, fails], { isKept: true, tries: 3 })
    expect(await deliver("a")).toBe(true)
    expect(called).toHaveLength(2)
    const none = delivering([], { isKept: true, tries: 5 })
    expect(await none.deliver("a")).toBe(true)
    expect(none.called).toEqual([])
  })

  it("leaves a failed change for the next start when following ends, if a store remembers it", async () => {
    const kept = delivering([fails], { isKept: true, stops: true })
    expect(await kept.deliver("a")).toBe(false)
    kept.warnOfUndelivered()
    expect(kept.said()).not.toContain("not delivered")
    const lost = delivering([fails], { stops: true })
    expect(await lost.deliver("a")).toBe(true)
    lost.warnOfUndelivered()
    expect(lost.said()).toContain("1 change was not delivered: execution a.")
  })

  it("does not count an interrupted call as a failure", async () => {
    const { deliver, kept } = delivering([null])
    expect(await deliver("a")).toBe(false)
    expect(kept).toEqual([])
  })
})
