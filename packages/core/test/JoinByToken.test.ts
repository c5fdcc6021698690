import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Join, Pagination, Wire } from "../src/adapter.js"
import { createClient } from "../src/index.js"

const Run = Schema.Struct({ id: Wire.id, at: Schema.Finite })
const Task = Schema.Struct({ id: Wire.id, of: Wire.id })

/** A provider whose steps come from an endpoint that returns a token of the next page. */
const byToken = Adapter.make({
  id: "tokens",
  title: "Tokens",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9/api",
  auth: () => Auth.none,
  statuses: { ok: "succeeded" },
  joins: {
    tasks: Join.make({
      route: "POST /tasks",
      maxKeys: 2,
      page: { rows: "page.tasks", next: "page.token" },
      params: ({ keys, token }) => ({ keys, ...(token === null ? {} : { token }) }),
      row: Task,
      id: (task) => task.id,
      key: (task) => task.of,
    }),
  },
  list: {
    route: "GET /runs",
    pagination: Pagination.single(),
    maxPageSize: 50,
    time: { at: (run) => run.at, walk: "pages" },
    filters: { status: Filter.here },
    item: Run,
    itemId: (run) => run.id,
    joins: { tasks: { keys: (run) => [run.id] } },
    toExecution: (run, { joined }) => ({
      id: run.id,
      providerStatus: "ok",
      startedAt: new Date(run.at),
      finishedAt: null,
      attributes: { tasks: joined.tasks(run.id)?.map(({ id }) => id) },
    }),
  },
})

interface Tasked {
  readonly id: string
  readonly of: string
}

interface Asked {
  readonly keys: ReadonlyArray<string>
  readonly token?: string
}

const runs = ["one", "two", "three"].map((id, index) => ({ id, at: 1_795_000_000_000 - index }))

/** A client of a server with these tasks; `next` says what a page names as the next one. */
const serverOf = (
  tasks: ReadonlyArray<Tasked>,
  pageSize: number,
  next: (end: number, isLast: boolean) => string | null | undefined = (end, isLast) =>
    isLast ? null : `from ${end}`,
) => {
  const asked: Array<Asked> = []
  const client = createClient(byToken({}), {
    fetch: async (input, init) => {
      if (new URL(String(input)).pathname.endsWith("/runs")) return Response.json(runs)
      const body: Asked = JSON.parse(String(init?.body))
      asked.push(body)
      const begin = Number(body.token?.split(" ")[1] ?? 0)
      const end = begin + pageSize
      const rows = tasks.filter(({ of }) => body.keys.includes(of))
      const token = next(end, end >= rows.length)
      return Response.json({ page: { tasks: rows.slice(begin, end), token } })
    },
  })
  return { client, asked }
}

const tasksOf = (count: number, of = "one"): ReadonlyArray<Tasked> =>
  Array.from({ length: count }, (_, index) => ({ id: `${of}-${index}`, of }))

describe("a join whose pages return a token of the next one", () => {
  it("sends the token of the page before, and ends without one", async () => {
    const { client, asked } = serverOf(tasksOf(5), 2)
    const { executions, warnings } = await client.page()
    expect(executions[0]?.attributes["tasks"]).toEqual(tasksOf(5).map(({ id }) => id))
    expect(asked).toEqual([
      { keys: ["one", "two"] },
      { keys: ["one", "two"], token: "from 2" },
      { keys: ["one", "two"], token: "from 4" },
      { keys: ["three"] },
    ])
    expect(warnings).toEqual([])
  })

  it.each([null, undefined, ""])("ends at a page whose token is %j", async (token) => {
    const { client, asked } = serverOf(tasksOf(3), 2, () => token)
    const { executions } = await client.page()
    expect(executions[0]?.attributes["tasks"]).toEqual(["one-0", "one-1"])
    expect(asked).toHaveLength(2)
  })

  it("returns all joined rows, whatever the sizes of pages and whichever are empty", async () => {
    const row = fc.record({ of: fc.constantFrom("one", "two", "three") })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (made, pageSize) => {
          const tasks = made.map(({ of }, index) => ({ id: `task-${index}`, of }))
          const { client } = serverOf(tasks, pageSize)
          const { executions } = await client.page()
          expect(executions.map(({ attributes }) => attributes["tasks"])).toEqual(
            runs.map(({ id }) => tasks.filter(({ of }) => of === id).map((task) => task.id)),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each(["from 0", "from 2"])(
    "omits the join with a warning when the token %j repeats",
    async (token) => {
      const { client, asked } = serverOf(tasksOf(9), 2, (end) => (end > 4 ? token : `from ${end}`))
      const { executions, warnings } = await client.page()
      expect(executions.map(({ attributes }) => attributes)).toEqual([{}, {}, {}])
      expect(warnings.map(({ text }) => text).join()).toContain(
        "Tokens reports a next page for POST /tasks but returned the token of the current page.",
      )
      expect(asked.length).toBeLessThan(9)
    },
  )

  it("omits the join with a warning when its pages never end", async () => {
    let count = 0
    const { client } = serverOf(tasksOf(3), 2, () => `from ${count++}`)
    const { warnings } = await client.page()
    expect(warnings.map(({ text }) => text).join()).toContain(
      "Tokens returns pages of POST /tasks endlessly.",
    )
    expect(count).toBe(1000)
  })
})
