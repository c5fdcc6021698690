import type { Simulator } from "@execlog/simulator"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { countedFromList, type ListedExecution, listedIn } from "./CountedFromList.js"
import { ended, execlog, start, type Surroundings } from "./Execlog.js"
import { startThreeConnections } from "./ThreeConnections.js"

let simulator: Simulator
let surroundings: Surroundings
let executions: ReadonlyArray<ListedExecution>

beforeAll(async () => {
  ;({ simulator, surroundings } = await startThreeConnections())
  executions = listedIn((await call(["list", "--limit", "all", "--format", "ndjson"])).stdout)
  expect(executions.length).toBeGreaterThan(400)
})

afterEach(() => simulator.intercept(() => undefined))

afterAll(() => simulator.stop())

const call = (args: ReadonlyArray<string>) => execlog(args, surroundings)

const linesIn = (stdout: string): ReadonlyArray<{ readonly [name: string]: unknown }> =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

const keys: ReadonlyArray<
  readonly [by: string, keyOf: (execution: ListedExecution) => { readonly [name: string]: unknown }]
> = [
  ["provider", ({ provider }) => ({ provider })],
  ["connection", ({ provider, connection }) => ({ provider, connection })],
  [
    "workflow",
    ({ provider, connection, workflow }) => ({ provider, connection, workflowId: workflow.id }),
  ],
  ["day", ({ timestamp }) => ({ day: timestamp?.slice(0, 10) ?? null })],
  ["hour", ({ timestamp }) => ({ hour: timestamp?.replace(/:.*/, ":00Z") ?? null })],
  [
    "day,connection",
    ({ provider, connection, timestamp }) => ({
      provider,
      connection,
      day: timestamp?.slice(0, 10) ?? null,
    }),
  ],
]

describe("execlog stats", () => {
  it.each(keys)("counts by %s what list returns", async (by, keyOf) => {
    const { code, stdout, stderr } = await call(["stats", "--by", by])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const groups = linesIn(stdout)
    const expected = Map.groupBy(executions, (execution) => JSON.stringify(keyOf(execution)))
    expect(groups).toHaveLength(expected.size)
    for (const [key, members] of expected) {
      const group = groups.find((one) => Object.entries(JSON.parse(key)).every(is(one)))
      expect(group, key).toMatchObject(countedFromList(members))
    }
  })

  it("prints everything in one object of JSON", async () => {
    const { stdout } = await call(["stats", "--format", "json"])
    const { overall, groups, failingWorkflows, errors, series } = JSON.parse(stdout)
    expect(overall).toMatchObject(countedFromList(executions))
    expect(groups.map(({ connection }: { connection: string }) => connection)).toEqual([
      "support-bot",
      "production",
      "warehouse",
    ])
    const failed = executions.filter(({ status }) => status === "failed" || status === "timed_out")
    const worst = Map.groupBy(failed, ({ workflow }) => workflow.id).get(
      failingWorkflows[0].workflowId,
    )
    expect(failingWorkflows[0].failures).toBe(worst?.length)
    const messages = executions.filter(({ error }) => error?.message === errors[0].message)
    expect(errors[0].count).toBe(messages.length)
    const timed = executions.filter(({ timestamp }) => timestamp !== null)
    expect(series.counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(timed.length)
  })

  it("counts what the query selects, and only the newest with --limit", async () => {
    const query = ["--status", "failed", "--since", "2026-11-21T06:00", "--connection", "warehouse"]
    const listed = await call(["list", ...query, "--limit", "all"])
    const [group] = linesIn((await call(["stats", ...query])).stdout)
    expect(group).toMatchObject(countedFromList(listedIn(listed.stdout)))

    const newest = await call(["stats", "--limit", "33", "--format", "json"])
    expect(JSON.parse(newest.stdout).overall).toMatchObject(
      countedFromList(executions.slice(0, 33)),
    )
  })

  it("prints CSV with a line per group", async () => {
    const { stdout } = await call(["stats", "--by", "connection", "--format", "csv"])
    const [head = "", first = "", ...rest] = stdout.trimEnd().split("\n")
    expect(head).toBe(
      "provider,connection,workflow_id,workflow_name,day,hour,count,failures,success_rate," +
        "median_ms,p95_ms,p99_ms,total_tokens,first_timestamp,last_timestamp," +
        "queued,running,waiting,succeeded,partial,failed,timed_out,canceled,skipped,unknown",
    )
    const own = executions.filter(({ connection }) => connection === "support-bot")
    const { count, failures, successRate, medianMs } = countedFromList(own)
    expect(first).toContain(`dify,support-bot,,,,,${count},${failures},${successRate},${medianMs},`)
    expect(rest).toHaveLength(2)
  })

  it("prints a message when there are no executions", async () => {
    const empty = ["stats", "--until", "2001-01-01", "--format"]
    expect(await call([...empty, "table"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "No executions.\n",
    })
    const { stdout } = await call([...empty, "json"])
    expect(JSON.parse(stdout)).toMatchObject({ overall: { count: 0, medianMs: null }, groups: [] })
    expect((await call([...empty, "csv"])).stdout.trimEnd().split("\n")).toHaveLength(1)
    expect((await call([...empty, "ndjson"])).stdout).toBe("")
  })

  it.each([
    [["--by", "month"], '--by: executions cannot be grouped by "month".'],
    [["--by", "day,"], '--by: a word is missing in "day,".'],
    [["--format", "xml"], '--format: "xml" is not a format of this command.'],
    [["--order", "oldest"], "execlog stats has no flag --order."],
  ])("rejects the arguments %j of stats", async (args, message) => {
    const { code, stdout, stderr } = await call(["stats", ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
  })
})

const is =
  (one: { readonly [name: string]: unknown }) =>
  ([name, value]: readonly [string, unknown]): boolean =>
    one[name] === value

describe("execlog stats, when not everything can be read,", () => {
  const incomplete = "execlog: warning: The figures are incomplete: "

  it("warns that the figures are incomplete when a connection fails", async () => {
    simulator.intercept(({ provider }) =>
      provider === "dify" ? { status: 401, body: { message: "revoked" } } : undefined,
    )
    const { code, stdout, stderr } = await call(["stats"])
    expect(code).toBe(3)
    expect(stderr).toContain("execlog: support-bot (dify): ")
    expect(stderr).toContain(incomplete)
    expect(linesIn(stdout).map(({ connection }) => connection)).toEqual(["production", "warehouse"])
  })

  it("prints no figures when no connection can be read", async () => {
    const { code, stdout } = await execlog(["stats", "--connection", "support-bot"], {
      ...surroundings,
      environment: {},
    })
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
  })

  it("exits with 6 under --strict when items are rejected", async () => {
    simulator.intercept(({ provider }) =>
      provider === "dify"
        ? {
            status: 200,
            body: { data: [{ id: "broken" }], has_more: false, page: 1, limit: 1, total: 1 },
          }
        : undefined,
    )
    const args = ["stats", "--connection", "support-bot", "--connection", "warehouse"]
    const lenient = await call(args)
    expect(lenient.code).toBe(0)
    expect(lenient.stderr).toContain(`${incomplete}1 items were rejected.`)
    const strict = await call([...args, "--strict"])
    expect(strict.code).toBe(6)
    expect(strict.stderr).toContain("1 items were rejected, and --strict is given.")
    expect(strict.stdout).toBe(lenient.stdout)
  })

  it("warns that the figures are incomplete on Ctrl-C", async () => {
    let requests = 0
    const stalled = new Promise<void>((resolve) => {
      simulator.intercept(() => {
        requests += 1
        if (requests <= 1) return undefined
        resolve()
        return new Promise(() => {})
      })
    })
    const child = start(["stats", "--connection", "support-bot"], surroundings)
    const outcome = ended(child)
    await stalled
    child.kill("SIGINT")
    const { code, stderr } = await outcome
    expect(code).toBe(130)
    expect(stderr).toContain(incomplete)
  })
})
