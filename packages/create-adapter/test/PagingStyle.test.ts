import { describe, expect, it } from "vitest"
import { adapterSource } from "../src/files/AdapterSource.js"
import { envelopeOf } from "../src/sample/Envelope.js"
import { guessPaging, pagingStyle, pagingStyles } from "../src/sample/PagingStyle.js"
import type { Json } from "../src/shared/Json.js"
import { draftOf } from "./Drafts.js"
import { executions } from "./Samples.js"

const data = executions

describe("the guess of the paging style", () => {
  it.each<[string, Json]>([
    ["cursor", { data, nextCursor: "abc" }],
    ["cursor", { data, paging: { next_page_token: null } }],
    ["cursor", { data, next: "b2Zmc2V0" }],
    ["nextUrl", { data, links: { next: "https://api.acme.example/v2/runs?page=2" } }],
    ["nextUrl", { data, next: "/v2/runs?offset=20", count: 12 }],
    ["nextUrl", { data, links: { next: null } }],
    ["offset", { data, total: 12, offset: 0 }],
    ["pageNumber", { data, total: 12, page: 1 }],
    ["pageNumber", { data, hasMore: true }],
    ["lastItem", { object: "list", data, has_more: true }],
  ])("guesses the style %s from %j", (name, sample) => {
    expect(guessPaging(envelopeOf(sample, undefined)).name).toBe(name)
    expect(pagingStyles.map((style) => style.name)).toContain(name)
  })

  it.each<[string, Json]>([
    ["a bare list", data],
    ["a list alone in an object", { data }],
  ])("guesses no style from %s", (_, sample) => {
    expect(guessPaging(envelopeOf(sample, undefined)).name).toBeNull()
  })
})

it("uses the parameter names that the response repeats", () => {
  const draft = draftOf({ data, meta: { page: 1, pageSize: 20 } })
  expect(adapterSource(draft)).toContain(
    'Pagination.pageNumber({ page: "page", size: "pageSize" })',
  )
})

it("reads paging fields at any place, and lets them be missing", () => {
  const draft = draftOf({ result: { data, meta: { hasMore: true, total_count: 3 } } })
  expect(adapterSource(draft)).toContain(
    'page: { items: "result.data", more: "result.meta.hasMore", total: "result.meta.total_count" }',
  )
})

it("reads a field name with a dot as one name", () => {
  const sample = { value: data, "@odata.nextLink": "/v2/runs?page=2" }
  const draft = draftOf(sample, { paging: "nextUrl" })
  expect(adapterSource(draft)).toContain('page: { items: "value", next: ["@odata.nextLink"] }')
})

it("finds the items where --items says, and fails when there are none", () => {
  const sample = { data: [{ no: 1 }], inner: { runs: [...executions] } }
  expect(envelopeOf(sample, undefined).path).toEqual(["data"])
  expect(envelopeOf(sample, "inner.runs").items).toHaveLength(2)
  expect(() => envelopeOf(sample, "inner.missing")).toThrow(
    "no list of executions at inner.missing",
  )
  expect(() => envelopeOf({ data: [] }, undefined)).toThrow("--items")
})

it("accepts a style in any spelling, and lists the styles for an unknown one", () => {
  expect(pagingStyle("page-number").name).toBe("pageNumber")
  expect(() => pagingStyle("pages")).toThrow(/pageNumber, offset/)
})
