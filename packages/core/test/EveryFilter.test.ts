import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import { createClient, type LogQuery } from "../src/index.js"
import { type FilterName, filterNames } from "../src/model/QueryParts.js"

const Run = Wire.item({ id: Wire.id, at: Wire.epochMilliseconds }, { state: Schema.String })

/** An adapter whose provider answers every filter that a provider can. */
const sample = Adapter.make({
  id: "sample",
  title: "Sample",
  settings: { baseUrl: Setting.url("Address", { default: "https://sample.example/api" }) },
  auth: () => Auth.none,
  statuses: { ok: "succeeded", bad: "failed" },
  list: {
    route: "GET /runs",
    pagination: Pagination.pageNumber({ page: "page", size: "size" }),
    maxPageSize: 50,
    item: Run,
    itemId: ({ id }) => id,
    time: {
      at: ({ at }) => at,
      walk: "pages",
      after: (instant) => ({ since: instant }),
      before: (instant) => ({ until: instant }),
      delay: () => 0,
      finish: {
        after: (instant) => ({ finishedSince: instant }),
        before: (instant) => ({ finishedUntil: instant }),
      },
      listsPlanned: true,
      withoutPlanned: { planned: "no" },
    },
    filters: {
      workflowId: Filter.param("workflowId"),
      actorId: Filter.param("actorId"),
      tag: Filter.param("tag"),
      providerStatus: Filter.param("providerStatus"),
      status: Filter.oneWord("status", ["ok", "bad"]),
      otherAttributes: Filter.param("attributes"),
      search: Filter.param("search"),
    },
    page: { items: "runs" },
    toExecution: ({ id, at, state }) => ({
      id,
      providerStatus: state ?? null,
      startedAt: Wire.instant.milliseconds(at),
      finishedAt: null,
    }),
  },
})

const instant = "2026-11-21T08:00:00Z"
const queries: { readonly [Name in FilterName]: LogQuery } = {
  workflowId: { workflowId: "w" },
  status: { status: ["failed"] },
  actorId: { actorId: "a" },
  tag: { tag: "t" },
  since: { since: instant },
  until: { until: instant },
  finishedSince: { finishedSince: instant },
  finishedUntil: { finishedUntil: instant },
  planned: { planned: false },
  providerStatus: { providerStatus: "ok" },
  attributes: { attributes: { room: "b" } },
  search: { search: "text" },
}

describe("the filters of a query", () => {
  it.each(filterNames)("sends the filter %s to a provider that answers it", (name) => {
    const { filters } = createClient(sample({})).explain(queries[name])
    const answered = filters.find(({ filter }) => filter === name)
    expect(Object.keys(answered?.sent ?? {})).toEqual(name === "planned" ? [] : [name])
  })

  // Nobody can do without a search, and what is planned is not asked for in the past.
  it.each(filterNames.filter((name) => name !== "search" && name !== "planned"))(
    "applies the filter %s in execlog when the provider rejects it",
    async (name) => {
      const client = createClient(sample({}), {
        fetch: async (input) =>
          new URL(String(input)).searchParams.has(name)
            ? Response.json({ message: "No." }, { status: 422 })
            : Response.json({ runs: [] }),
      })
      const { warnings } = await client.page(queries[name])
      expect(warnings).toMatchObject([
        { code: "filter_rejected", subject: { kind: "query", name } },
      ])
    },
  )
})
