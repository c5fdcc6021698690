import { AdapterError } from "@execlog/core"
import { warningOf } from "@execlog/core/unstable"
import { describe, expect, it } from "vitest"
import { flagsOfQuery, warningText } from "../src/session/FlagNames.js"
import { execlog } from "./Execlog.js"
import { reported } from "./Reported.js"

/** The printed lines of an error. */
const said = (fields: ConstructorParameters<typeof AdapterError>[0]) =>
  reported(new AdapterError(fields), "shop")

describe("reportFailure", () => {
  it("puts the flag before the message, and leaves the message unchanged", () => {
    expect(
      said({
        reason: "InvalidQuery",
        message: 'pageSize 5 is too large for GET /workflows/{workflowId}/logs: "status".',
        subject: { kind: "query", name: "pageSize" },
      }),
    ).toEqual([
      'shop: --page-size: pageSize 5 is too large for GET /workflows/{workflowId}/logs: "status".',
      "Correct the query and try again.",
    ])
  })

  it("names --cursor for the cursor, and no flag when none sets the subject", () => {
    const message = "It is odd."
    const about = (name: string) =>
      said({ reason: "InvalidQuery", message, subject: { kind: "option", name } })[0]
    expect(about("cursor")).toBe("shop: --cursor: It is odd.")
    expect(about("intervalMs")).toBe("shop: It is odd.")
    expect(said({ reason: "InvalidQuery", message })[0]).toBe("shop: It is odd.")
  })

  it.each([
    ["omit", /execlog explain shows/],
    ["add_since", /^Give --since/],
    ["start_over", /leave out --cursor/],
    ["list_instead", /--include steps,inputs,outputs/],
    ["request_less", /--page-size or fewer --include/],
    ["reduce_page_size", /smaller --page-size/],
  ] as const)("words the hint %s with flags", (hint, text) => {
    expect(said({ reason: "InvalidQuery", message: "It is odd.", hint })[1]).toMatch(text)
  })

  it("prints an adapter's hint unchanged", () => {
    const hint = { code: "other", text: "Ask for pageSize, or pay." } as const
    expect(said({ reason: "Permission", message: "No.", hint })[1]).toBe(hint.text)
  })

  it("puts the flag before a warning, and leaves the provider's words unchanged", () => {
    const text = "GET /rows rejects since: Sample answered 400: since is odd."
    const subject = { kind: "query", name: "since" } as const
    expect(warningText(warningOf("filter_rejected", text, subject))).toBe(`--since: ${text}`)
    const route = { kind: "endpoint", name: "GET /flows" } as const
    expect(warningText(warningOf("join_failed", text, route))).toBe(text)
  })
})

/** Changes are reported as they happen, in no other order, and have no end. */
const notFollowed = ["--until", "--finished-since", "--finished-until", "--order"]

it.each([
  ["list", []],
  ["export", []],
  ["explain", []],
  ["stats", ["--order", "--include"]],
  ["follow", notFollowed],
])("sets every part of a query by a flag of %s, except %j", async (command, except) => {
  const { stdout } = await execlog([command, "--help"])
  const missing = Object.values(flagsOfQuery).filter((flag) => !stdout.includes(` ${flag} `))
  expect(missing).toEqual(except)
})
