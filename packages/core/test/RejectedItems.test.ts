import * as Schema from "effect/Schema"
import { describe, expect, it, vi } from "vitest"
import { decoder } from "../src/adapter/WireDecoder.js"
import { createClient } from "../src/index.js"
import { failure } from "./Failure.js"
import { pagesByOffset } from "./SampleProvider.js"

/** An endless list of which only every `good`th row is readable. */
const endless = (good: number) => {
  let asked = 0
  const client = createClient(pagesByOffset({ apiKey: "canary-sample-1" }), {
    fetch: async (input) => {
      asked += 1
      const skip = Number(new URL(String(input)).searchParams.get("skip"))
      const rows = Array.from({ length: 50 }, (_, index) => {
        const number = skip + index
        const id = `row-${number}`
        return number % good === good - 1 ? { id, at: 1e12 - number } : { id, at: "soon" }
      })
      return Response.json({ rows, total: 1e9 })
    },
  })
  return { client, asked: () => asked }
}

describe("an item that does not match its schema", () => {
  const issuesOf = async (...rows: ReadonlyArray<object>) => {
    const client = createClient(pagesByOffset({ apiKey: "canary-sample-1" }), {
      fetch: async () => Response.json({ rows, total: rows.length }),
    })
    return (await client.page()).rejected.map(({ reason, issues }) => ({ reason, issues }))
  }

  it("reports the path, the problem and the value found", async () => {
    expect(
      await issuesOf({ id: "1", at: "soon" }, { id: "2" }, { id: "3", at: { deep: "secret" } }),
    ).toEqual([
      {
        reason: 'at: Expected number, got "soon"',
        issues: [{ path: ["at"], message: "Expected number", got: '"soon"' }],
      },
      { reason: "at: Missing key", issues: [{ path: ["at"], message: "Missing key", got: null }] },
      {
        reason: "at: Expected number, got an object",
        issues: [{ path: ["at"], message: "Expected number", got: "an object" }],
      },
    ])
  })

  it("quotes the value nowhere but in got, even if a filter of the schema quotes it", () => {
    const quoting = Schema.makeFilter((at: number) => `${at} is odd`)
    const inside = Schema.makeFilter((row: { readonly at: number }) => ({
      path: ["at"],
      issue: `${row.at} is odd`,
    }))
    const worded = Schema.makeFilter(() => false, { expected: "an even number" })
    const issueOf = (schema: Schema.Codec<unknown>) => {
      const decoded = decoder(schema)({ at: 42_042 })
      return decoded.ok ? [] : decoded.issues
    }
    const valueIssue = { path: ["at"], message: "Expected a valid value", got: "42042" }
    expect(issueOf(Schema.Struct({ at: Schema.Number.check(quoting) }))).toEqual([valueIssue])
    expect(issueOf(Schema.Struct({ at: Schema.Number }).check(inside))).toEqual([valueIssue])
    expect(issueOf(Schema.Struct({ at: Schema.Number.check(worded) }))).toEqual([
      { ...valueIssue, message: "Expected an even number" },
    ])
  })

  it("shortens the value found when it is long", async () => {
    const [rejected] = await issuesOf({ id: "1", at: "x".repeat(1_000_000) })
    expect(rejected?.issues[0]?.got?.length).toBeLessThan(1000)
    expect(rejected?.reason.length).toBeLessThan(1000)
  })

  it("gives a reason without issues when the item matches the schema but its time is out of range", async () => {
    const [rejected] = await issuesOf({ id: "1", at: 1e300 })
    expect(rejected?.reason).toContain("its listing time is outside")
    expect(rejected?.issues).toEqual([])
  })
})

describe("a list of unreadable items", () => {
  it("fails after a thousand rejected items in a row when a limit is given", async () => {
    const { client, asked } = endless(1e9)
    const rejected: Array<number> = []
    const reading = async () => {
      const options = { limit: 3, onRejected: () => void rejected.push(1) }
      for await (const _ of client.executions({}, options)) void _
    }
    const error = await failure(reading())
    expect(error.reason).toBe("Decode")
    expect(error.message).toContain("rejected items in a row, and more follow")
    expect(rejected.length).toBeGreaterThanOrEqual(1000)
    expect(asked()).toBeLessThan(30)
  })

  it("continues while some items are readable", async () => {
    const ids: Array<string> = []
    const { client } = endless(700)
    const options = { limit: 3, onRejected: () => {} }
    for await (const { id } of client.executions({}, options)) ids.push(id)
    expect(ids).toEqual(["row-699", "row-1399", "row-2099"])
  })

  it("fails after many unreadable items without a limit, and prints few lines", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => {})
    const { client, asked } = endless(1e9)
    const reading = async () => {
      for await (const _ of client.executions()) void _
    }
    const error = await failure(reading())
    const lines = stderr.mock.calls.flat().map(String)
    stderr.mockRestore()
    expect(error.message).toContain("rejected items in a row, and more follow")
    expect(asked()).toBeLessThan(450)
    expect(lines.length).toBeLessThan(12)
    expect(lines.at(-1)).toMatch(/ \d{4,5} more rejected so far/)
  })

  it("prints the first few rejected items and then their number when nobody listens", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => {})
    const ids: Array<string> = []
    for await (const { id } of endless(60).client.executions({}, { limit: 1 })) ids.push(id)
    const lines = stderr.mock.calls.flat().map(String)
    stderr.mockRestore()
    expect(ids).toEqual(["row-59"])
    expect(lines.slice(0, 6)).toEqual([
      ...[0, 1, 2, 3, 4].map((index) =>
        expect.stringContaining(`sample: item ${index} (row-${index}) was rejected: at: `),
      ),
      "sample: 45 more rejected so far; the option onRejected receives each.",
    ])
    expect(lines.length).toBeLessThan(10)
  })
})
