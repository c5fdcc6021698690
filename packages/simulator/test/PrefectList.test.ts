import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  type PrefectTies,
  type PrefectWireRun,
  type Simulator,
  startSimulator,
} from "../src/index.js"
import { prefectCount, prefectItems, prefectRuns } from "./Requests.js"

type Passes = (run: PrefectWireRun) => boolean

/** A filter of a body, and the same filter as a function. */
interface Filter {
  readonly name: string
  readonly value: unknown
  readonly passes: Passes
}

const sorts = {
  ID_DESC: (run: PrefectWireRun) => run.id,
  START_TIME_ASC: (run: PrefectWireRun) => micro(run.start_time ?? run.expected_start_time),
  START_TIME_DESC: (run: PrefectWireRun) => micro(run.start_time ?? run.expected_start_time),
  EXPECTED_START_TIME_ASC: (run: PrefectWireRun) => micro(run.expected_start_time),
  EXPECTED_START_TIME_DESC: (run: PrefectWireRun) => micro(run.expected_start_time),
  NAME_ASC: (run: PrefectWireRun) => run.name,
  NAME_DESC: (run: PrefectWireRun) => run.name,
  // Null comes first, and so does the empty text.
  NEXT_SCHEDULED_START_TIME_ASC: (run: PrefectWireRun) => micro(run.next_scheduled_start_time),
  END_TIME_DESC: (run: PrefectWireRun) => micro(run.end_time),
} satisfies Record<string, (run: PrefectWireRun) => string>

/** A time with all of its microseconds, so that texts sort as times do. */
const micro = (time: string | null): string =>
  time === null ? "" : time.replace(/(:\d\d)Z$/, "$1.000000Z")

const some = <A>(items: ReadonlyArray<A>): fc.Arbitrary<Array<A>> =>
  fc.subarray([...items], { maxLength: 4 })

const timeFilter = (
  runs: ReadonlyArray<PrefectWireRun>,
  name: string,
  timeOf: (run: PrefectWireRun) => string | null,
): fc.Arbitrary<Filter> => {
  const times = runs.map(timeOf).filter((time) => time !== null)
  const bound = fc.option(fc.constantFrom(...times), { nil: null })
  return fc.record({ after_: bound, before_: bound }).map((value) => ({
    name,
    value,
    passes: (run) => {
      const time = timeOf(run)
      if (value.after_ === null && value.before_ === null) return true
      if (time === null) return false
      return (
        (value.after_ === null || micro(time) >= micro(value.after_)) &&
        (value.before_ === null || micro(time) <= micro(value.before_))
      )
    },
  }))
}

const choice = (
  name: string,
  texts: ReadonlyArray<string>,
  textOf: (run: PrefectWireRun) => string,
): fc.Arbitrary<Filter> =>
  fc.record({ any_: some(texts), not_any_: some(texts) }, { requiredKeys: [] }).map((value) => ({
    name,
    value,
    passes: (run) =>
      (value.any_ === undefined || value.any_.includes(textOf(run))) &&
      !(value.not_any_ ?? []).includes(textOf(run)),
  }))

const state = (runs: ReadonlyArray<PrefectWireRun>): fc.Arbitrary<Filter> =>
  fc
    .record({
      operator: fc.constantFrom("and_", "or_"),
      type: choice(
        "type",
        distinct(runs, (run) => run.state_type),
        (run) => run.state_type,
      ),
      name: choice(
        "name",
        distinct(runs, (run) => run.state_name),
        (run) => run.state_name,
      ),
    })
    .map(({ operator, type, name }) => ({
      name: "state",
      value: { operator, type: type.value, name: name.value },
      passes: (run) =>
        operator === "or_"
          ? type.passes(run) || name.passes(run)
          : type.passes(run) && name.passes(run),
    }))

const tags = (runs: ReadonlyArray<PrefectWireRun>): fc.Arbitrary<Filter> =>
  fc
    .record({ any_: some(tagsOf(runs)), all_: some(tagsOf(runs)) }, { requiredKeys: [] })
    .map((value) => ({
      name: "tags",
      value,
      passes: (run) =>
        (value.any_ === undefined || value.any_.some((tag) => run.tags.includes(tag))) &&
        (value.all_ ?? []).every((tag) => run.tags.includes(tag)),
    }))

const isNull = (
  name: string,
  valueOf: (run: PrefectWireRun) => string | null,
): fc.Arbitrary<Filter> =>
  fc.boolean().map((is_null_) => ({
    name,
    value: { is_null_ },
    passes: (run) => (valueOf(run) === null) === is_null_,
  }))

const distinct = (
  runs: ReadonlyArray<PrefectWireRun>,
  textOf: (run: PrefectWireRun) => string,
): Array<string> => [...new Set(runs.map(textOf))]

const tagsOf = (runs: ReadonlyArray<PrefectWireRun>): Array<string> => [
  ...new Set(runs.flatMap((run) => run.tags)),
]

const filters = (runs: ReadonlyArray<PrefectWireRun>): fc.Arbitrary<Array<Filter>> => {
  const started = (run: PrefectWireRun) => run.start_time ?? run.expected_start_time
  const one = fc.oneof(
    timeFilter(runs, "expected_start_time", (run) => run.expected_start_time),
    timeFilter(runs, "start_time", started),
    timeFilter(runs, "end_time", (run) => run.end_time),
    timeFilter(runs, "next_scheduled_start_time", (run) => run.next_scheduled_start_time),
    choice("id", distinct(runs, (run) => run.id).slice(0, 12), (run) => run.id),
    state(runs),
    tags(runs),
    isNull("deployment_id", (run) => run.deployment_id),
    isNull("parent_task_run_id", (run) => run.parent_task_run_id),
    isNull("start_time", (run) => run.start_time),
  )
  return fc.uniqueArray(one, { maxLength: 3, selector: ({ name }) => name })
}

const everyPage = async (
  simulator: Simulator,
  body: Record<string, unknown>,
  limit: number,
): Promise<Array<PrefectWireRun>> => {
  const runs: Array<PrefectWireRun> = []
  for (;;) {
    const page = await prefectRuns(simulator, { ...body, limit, offset: runs.length })
    runs.push(...page)
    if (page.length === 0) return runs
  }
}

const ids = (runs: ReadonlyArray<PrefectWireRun>): Array<string> => runs.map((run) => run.id)

describe("Prefect's list of flow runs", () => {
  let simulator: Simulator
  let runs: Array<PrefectWireRun>

  beforeAll(async () => {
    simulator = await startSimulator({ port: null, prefect: { executions: 150, perHour: 600 } })
    runs = [...simulator.prefect.truth()]
  })
  afterAll(() => simulator.stop())

  it("lists the runs that pass the filters, sorted, over pages of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        filters(runs),
        fc.boolean(),
        fc.option(fc.constantFrom(...simulator.prefect.flowIds), { nil: null }),
        fc.constantFrom(...(Object.keys(sorts) as Array<keyof typeof sorts>)),
        fc.integer({ min: 1, max: 60 }),
        async (chosen, or, flow, sort, limit) => {
          const operator = or ? "or_" : "and_"
          const flow_runs = {
            operator,
            ...Object.fromEntries(chosen.map(({ name, value }) => [name, value])),
          }
          const flows = flow === null ? null : { id: { any_: [flow] } }
          const expected = runs.filter(
            (run) =>
              (flow === null || run.flow_id === flow) &&
              (chosen.length === 0 ||
                (or
                  ? chosen.some(({ passes }) => passes(run))
                  : chosen.every(({ passes }) => passes(run)))),
          )
          const body = { flow_runs, flows }
          const listed = await everyPage(simulator, { ...body, sort }, limit)
          expect(ids(listed).toSorted()).toEqual(ids(expected).toSorted())
          expect(await prefectCount(simulator, "flow_runs/count", body)).toBe(expected.length)
          const keys = listed.map(sorts[sort])
          const ascending = keys.toSorted()
          expect(keys).toEqual(sort.endsWith("_ASC") ? ascending : ascending.toReversed())
        },
      ),
      { numRuns: 300 },
    )
  })

  it("makes runs of one microsecond, and ids that are not in the order of time", () => {
    const instants = distinct(runs, (run) => run.expected_start_time)
    expect(instants.length).toBeLessThan(runs.length - 15)
    const random = runs.filter((run) => run.id.charAt(14) === "4")
    expect(ids(random)).not.toEqual(ids(random).toSorted())
    expect(ids(random)).not.toEqual(ids(random).toSorted().toReversed())
    expect(random.length).toBeGreaterThan(50)
    const scheduled = runs.filter((run) => run.auto_scheduled)
    expect(scheduled.every((run) => run.id.charAt(14) === "7")).toBe(true)
    expect(scheduled.length + random.length).toBe(runs.length)
  })

  it("finds flow runs by parts of their names, and flows by name or by a run", async () => {
    const [run] = runs
    if (run === undefined) throw new Error("no runs")
    const part = run.name.slice(1, 6).toUpperCase()
    const like = await prefectRuns(simulator, { flow_runs: { name: { like_: part } } })
    expect(ids(like)).toContain(run.id)
    expect(like.every(({ name }) => name.includes(part.toLowerCase()))).toBe(true)
    const named = await prefectItems(simulator, "flows/filter", {
      flow_runs: { id: { any_: [run.id] } },
    })
    expect(named.map((flow) => flow.id)).toEqual([run.flow_id])
    const flows = { name: { any_: [named[0]?.name] } }
    expect(
      (await prefectRuns(simulator, { flows })).every((one) => one.flow_id === run.flow_id),
    ).toBe(true)
    const every = await prefectItems(simulator, "flows/filter")
    expect(every.map((flow) => flow.name)).toEqual(simulator.prefect.flowNames.toSorted())
  })

  it("ignores unknown top-level names of a body", async () => {
    expect(await prefectRuns(simulator, { flow_run: { id: { any_: [] } } })).toHaveLength(150)
  })

  it("answers 501 with the name of a filter when it does not simulate it", async () => {
    const body = { flow_runs: { idempotency_key: { any_: ["once"] } } }
    await expect(prefectRuns(simulator, body)).rejects.toThrow(/501.*flow_runs\.idempotency_key/)
    await expect(prefectRuns(simulator, { work_pools: {} })).rejects.toThrow(/501.*work_pools/)
  })
})

describe("ties of Prefect", () => {
  const at = new Date("2026-11-21T07:00:00Z")
  const orders = async (
    ties: PrefectTies,
  ): Promise<(limit: number, tag?: string) => Promise<Array<string>>> => {
    const runs = Array.from({ length: 12 }, () => ({ expectedStartTime: at, tags: ["nightly"] }))
    const simulator = await startSimulator({ port: null, prefect: { runs, ties } })
    const body = { sort: "EXPECTED_START_TIME_DESC" }
    return async (limit, tag) => {
      const filter = tag === undefined ? {} : { flow_runs: { tags: { any_: [tag] } } }
      return ids(await everyPage(simulator, { ...body, ...filter }, limit))
    }
  }

  it("orders runs of one instant anew for each query, as on a real server, when ties are byQuery", async () => {
    const list = await orders("byQuery")
    const all = await list(100)
    expect(new Set(all).size).toBe(12)
    expect(await list(5)).toEqual(all)
    const tagged = await list(5, "nightly")
    expect(tagged).not.toEqual(all)
    expect(tagged.toSorted()).toEqual(all.toSorted())
  })

  it("misses runs of one instant when ties are shuffled", async () => {
    const list = await orders("shuffled")
    expect(new Set(await list(100)).size).toBe(12)
    expect(new Set(await list(5)).size).toBeLessThan(12)
  })

  it("orders runs of one instant alike for each query when ties are fixed", async () => {
    const list = await orders("fixed")
    expect(await list(5, "nightly")).toEqual(await list(100))
  })
})

describe("the options of Prefect", () => {
  it("takes maxPageSize as the default and as the largest limit", async () => {
    const prefect = { executions: 60, maxPageSize: 50 }
    await using simulator = await startSimulator({ port: null, prefect })
    expect(await prefectRuns(simulator)).toHaveLength(50)
    await expect(prefectRuns(simulator, { limit: 51 })).rejects.toThrow(/422.*equal to 50/)
  })

  it("returns smaller pages without an error when clampTo is set", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { clampTo: 7 } })
    expect(await prefectRuns(simulator, { limit: 100 })).toHaveLength(7)
  })

  it("requires Basic or Bearer authorization when authString or apiKey is set", async () => {
    const secrets = { authString: "admin:canary-password", apiKey: "canary-key" }
    await using simulator = await startSimulator({ port: null, prefect: secrets })
    expect(simulator.prefect).toMatchObject(secrets)
    const status = async (authorization: string): Promise<number> => {
      const url = `${simulator.prefect.baseUrl}/flow_runs/filter`
      return (await simulator.fetch(url, { method: "POST", headers: { authorization } })).status
    }
    expect(await status(`Basic ${btoa("admin:canary-password")}`)).toBe(200)
    expect(await status("Bearer canary-key")).toBe(200)
    expect(await status("Bearer canary-other")).toBe(401)
    const health = await simulator.fetch(`${simulator.prefect.baseUrl}/health`)
    expect(await health.json()).toBe(true)
  })
})
