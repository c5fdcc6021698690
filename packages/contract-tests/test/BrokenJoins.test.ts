import { Adapter, Join, Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { makeSubject } from "../src/index.js"
import type { Fixture } from "../src/kit/Fixture.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import { declaration, type Row, toExecution } from "./SampleAdapter.js"
import { run, soundFolder } from "./SampleSubject.js"

const Name = Schema.Struct({ id: Wire.id, name: Wire.maybe(Schema.String) })

const names = {
  route: "GET /names",
  maxKeys: 50,
  isUnique: true,
  request: ({ keys }: { readonly keys: ReadonlyArray<string> }) => ({
    method: "GET" as const,
    path: "/names",
    query: { ids: keys },
  }),
  page: Schema.Array(Schema.Unknown),
  rows: (page: ReadonlyArray<unknown>) => page,
  row: Name,
  id: (row: typeof Name.Type) => row.id,
  key: (row: typeof Name.Type) => row.id,
}

type Named = { readonly name?: string | null | undefined } | undefined

/** The sound adapter with the names of its workflows at another endpoint, and a part changed. */
const joining = (
  join: object = {},
  nameOf: (named: Named) => string | null = (named) => named?.name ?? null,
): AdapterUnderTest =>
  Adapter.make({
    ...declaration,
    joins: { names: Join.make({ ...names, ...join }) },
    list: {
      ...declaration.list,
      joins: { names: { keys: (row: Row) => (row.workflow ? [row.workflow] : []) } },
      toExecution: (row: Row, { joined }) => ({
        ...toExecution(row),
        workflow: {
          id: row.workflow ?? null,
          name: nameOf(joined.names(row.workflow ?? "")?.[0]),
        },
      }),
    },
  })

const fixture: Fixture = {
  name: "joined",
  provenance: { kind: "simulated", provider: "sample" },
  now: "2026-11-21T08:00:00.000Z",
  query: {},
  exchanges: [
    {
      scope: "https://sample.example.com",
      method: "GET",
      path: "/api/rows?page=1&size=50",
      status: 200,
      response: {
        rows: ["row-1", "row-2"].map((id, index) => ({
          id,
          state: "ok",
          workflow: `workflow-${index}`,
          logged: 1_795_244_400 - index,
          started: 1_795_244_395 - index,
          ended: 1_795_244_399 - index,
        })),
        more: false,
      },
    },
    {
      scope: "https://sample.example.com",
      method: "GET",
      path: `/api/names?ids=${encodeURIComponent('["workflow-0","workflow-1"]')}`,
      status: 200,
      response: [
        { id: "workflow-0", name: "Orders" },
        { id: "workflow-1", name: "Leads" },
      ],
    },
  ],
}

const checked = (
  adapter: AdapterUnderTest,
  check: "joinedRows" | "deniedJoins" = "joinedRows",
): Promise<void> => run(check, makeSubject({ adapter, fixtures: soundFolder }, [fixture]))

describe("the contract suite, on joins", () => {
  it("passes an adapter that reads every joined row", async () => {
    await expect(checked(joining())).resolves.toBeUndefined()
  })

  it("fails an adapter that throws on a joined row without a name", async () => {
    const trusting = joining({}, (named) => {
      if (named !== undefined && typeof named.name !== "string") throw new TypeError("no name")
      return named?.name ?? null
    })
    await expect(checked(trusting)).rejects.toThrow(
      /with name \w+.* in the rows of GET \/names: [01] of 2 executions/,
    )
  })

  it("fails an adapter that drops joined rows it cannot read", async () => {
    const dropping = joining({
      rows: (page: ReadonlyArray<unknown>) => page.filter(Schema.is(Name)),
    })
    await expect(checked(dropping)).rejects.toThrow(/were neither used nor rejected/)
  })

  it("passes an adapter whose key may not read the joined rows", async () => {
    await expect(checked(joining(), "deniedJoins")).resolves.toBeUndefined()
  })

  it("fails an adapter that throws when joined rows are missing", async () => {
    const trusting = joining({}, (named) => {
      if (named === undefined) throw new TypeError("no row")
      return named.name ?? null
    })
    await expect(checked(trusting, "deniedJoins")).rejects.toThrow(
      /GET \/names answers 403, gave 0 executions/,
    )
  })

  it("fails an adapter that makes up missing joined values", async () => {
    const inventive = joining({}, (named) => named?.name ?? "unnamed")
    await expect(checked(inventive, "deniedJoins")).rejects.toThrow(/"name":"unnamed"/)
  })
})
