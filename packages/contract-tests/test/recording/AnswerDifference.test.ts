import type { Json } from "@execlog/core"
import { expect, it } from "vitest"
import { answerDifferences } from "../../src/recording/AnswerDifference.js"

type Asked = readonly [request: string, response: Json, status?: number]

const fixture = (
  exchanges: ReadonlyArray<Asked>,
  { base = "http://127.0.0.1:4200/api", get }: { base?: string; get?: string } = {},
): string =>
  JSON.stringify({
    settings: { baseUrl: base },
    query: get === undefined ? {} : { get },
    exchanges: exchanges.map(([request, response, status = 200]) => {
      const [method, path] = request.split(" ")
      return { method, path, status, response }
    }),
  })

const runs = "POST /api/runs/filter"
const tasks = "POST /api/tasks/filter"

it("reports a field that vanished from one route, even when another route has it", () => {
  const before = fixture([
    [runs, [{ id: 1, tags: [] }]],
    [tasks, [{ id: 2, tags: [] }]],
  ])
  const after = fixture([
    [runs, [{ id: 1 }]],
    [tasks, [{ id: 2, tags: [] }]],
  ])
  expect(answerDifferences(before, after)).toEqual([
    {
      route: "POST /runs/filter",
      path: "[].tags",
      change: "vanished",
      before: "list",
      after: null,
    },
  ])
})

it("reports nothing about a route that returned no rows or was not requested before", () => {
  const before = fixture([
    [runs, [{ id: 1 }]],
    [tasks, [{ id: 2, key: "a" }]],
  ])
  expect(
    answerDifferences(
      before,
      fixture([
        [runs, [{ id: 1 }]],
        [tasks, []],
      ]),
    ),
  ).toEqual([])
  expect(answerDifferences(before, fixture([[runs, [{ id: 1 }]]]))).toEqual([])
})

it.each([
  ["other parameters", ["GET /api/runs?page=1"], ["GET /api/runs?page=2"], {}, {}],
  ["another id", ["GET /api/runs/a%20b"], ["GET /api/runs/2"], { get: "a b" }, { get: "2" }],
  [
    "another server",
    ["GET /api/runs"],
    ["GET /cloud/a/runs"],
    {},
    { base: "https://example.com/cloud/a/" },
  ],
  ["a server without a path", ["GET /api/runs"], ["GET /runs"], {}, { base: "http://a.example" }],
] as const)("recognizes a route under %s", (_, [before], [after], one, other) => {
  const others = [["GET /api/users", { name: "a" }]] as const
  const [earlier, later] = [{ ok: true }, { ok: "yes" }]
  const found = answerDifferences(
    fixture([[before, earlier], ...others], one),
    fixture([[after, later], ...others], other),
  )
  expect(found).toMatchObject([{ path: "ok", before: "boolean", after: "string" }])
  expect(found[0]?.route).toMatch(/^GET \/runs/)
})

it("compares all responses when no URL matches", () => {
  const found = answerDifferences(
    fixture([["GET /v1/runs", { a: 1 }]]),
    fixture([["GET /v2/runs", { a: "1" }]]),
  )
  expect(found).toMatchObject([{ route: null, path: "a", change: "changed" }])
})

it("reports another HTTP status, and a file that is not a fixture", () => {
  const after = fixture([[runs, { detail: "no" }, 403]])
  expect(answerDifferences(fixture([[runs, { detail: "no" }, 401]]), after)).toEqual([
    { route: null, path: "(HTTP status)", change: "changed", before: "401", after: "403" },
  ])
  expect(answerDifferences("[1]", after)[0]).toMatchObject({ path: "(HTTP status)", before: "" })
})
