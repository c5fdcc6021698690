import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { alloy } from "@execlog/alloy"
import { dify } from "@execlog/dify"
import { startSimulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEchoing } from "./EchoingServer.js"
import { directoryWith, execlog, onTerminal, type Outcome } from "./Execlog.js"
import { fixturesOver, suiteOver } from "./RecordedSuite.js"

const environment = { DIFY_API_KEY: "app-canary-dify-1", ALLOY_API_KEY: "canary-alloy/+=1" }

// Yesterday, because the times in a fixture must be before its recording.
const now = new Date(Date.now() - 86_400_000)

const startHistory = (executions: number) => {
  const history = { executions, seed: 29, now, perHour: 30 }
  return startSimulator({
    dify: { ...history, apiKey: environment.DIFY_API_KEY },
    alloy: { ...history, apiKey: environment.ALLOY_API_KEY },
  })
}

const providers = [
  { adapter: dify, path: "/v1", names: [`"dana.hill"`, `"owner"`], search: ["--search", "2001"] },
  { adapter: alloy, path: "/alloy", names: ["Chiara Conti", "Esra Yıldız"], search: [] },
] as const

/** Replaces the simulator's made-up addresses by ones that look real. */
const withRealPeople = (text: string) =>
  text.replaceAll("@example.com", "@acme-corp.io").replaceAll("@user.example.com", "@acme-corp.io")

interface Recorded {
  readonly outcome: Outcome
  readonly directory: string
  readonly folder: string
}

/** Records into a new directory, from a server that echoes requests. */
const record = async (
  id: string,
  baseUrl: string,
  flags: ReadonlyArray<string>,
  directory = directoryWith({}),
): Promise<Recorded> => {
  const outcome = await execlog(
    ["record", "--provider", id, "--set", `baseUrl=${baseUrl}`, "--out", "fixtures", ...flags],
    { directory, environment },
  )
  return { outcome, directory, folder: join(directory, "fixtures") }
}

const filesOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]))

const reportsOf = ({ outcome }: Recorded): ReadonlyArray<Record<string, unknown>> =>
  outcome.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))

describe.each(providers)(
  "the fixtures that record writes of $adapter.id",
  ({ adapter, path, names, search }) => {
    let whole: Recorded
    let long: Recorded
    let masked: Recorded

    beforeAll(async () => {
      const simulator = await startHistory(30)
      const many = await startHistory(600)
      {
        await using server = await startEchoing(simulator)
        await using real = await startEchoing(simulator, withRealPeople)
        await using far = await startEchoing(many)
        whole = await record(adapter.id, server.url + path, [
          "--server",
          "an echoing simulator",
          ...search,
        ])
        long = await record(adapter.id, far.url + path, search)
        const paths = ["data.*.created_by_end_user.session_id", "notifications.*.userId"]
        masked = await record(adapter.id, real.url + path, [
          ...search,
          "--mask",
          ...paths.flatMap((at) => ["--mask-path", at]),
        ])
      }
      await simulator.stop()
      await many.stop()
    })

    it("passes the contract suite, with each filter compared with the whole list", async () => {
      expect(whole.outcome.stderr).toBe("")
      expect(whole.outcome.code).toBe(0)
      const kept = await suiteOver(adapter, whole.folder)
      for (const name of ["list-status-failed", "list-statuses", "list-actor", "list-time-range"]) {
        expect(kept).toContain(`filterEquivalence over ${name}`)
      }
      expect(kept).toContain("cursorInsidePages over list-pages")
      expect(kept).toContain("endpointCoverage")
      expect(kept).toContain("recordedErrors over error-wrong-key")
    })

    it("passes the contract suite with only the newest executions when the log is long", async () => {
      expect(long.outcome.stderr).toMatch(/^execlog: warning: The log has more than 60 .*\n$/)
      const kept = await fixturesOver(adapter, long.folder)
      expect(kept).toContain("cursorInsidePages over list-pages")
      expect(kept).toContain("filterHolds over list-status-failed")
      const { excerpt, query } = JSON.parse(filesOf(long.folder).get("list-newest.json") ?? "")
      expect({ excerpt, query }).toEqual({ excerpt: true, query: { pageSize: expect.any(Number) } })
    })

    it("passes the contract suite when masked", async () => {
      const kept = await fixturesOver(adapter, masked.folder)
      expect(kept).toContain("filterEquivalence over list-actor")
    })

    it("states its provenance", () => {
      const { provenance } = JSON.parse(filesOf(whole.folder).get("list-pages.json") ?? "")
      expect(provenance).toMatchObject({
        kind: "recorded",
        provider: adapter.id,
        recordedAt: new Date().toISOString().slice(0, 10),
        server: "an echoing simulator",
        what: "a walk over small pages",
      })
    })

    it("contains no form of the key, no cookie and no authorization header", () => {
      const key = adapter.id === "dify" ? environment.DIFY_API_KEY : environment.ALLOY_API_KEY
      const forms = [key, encodeURIComponent(key), btoa(key), btoa(key).replace(/=+$/, "")]
      for (const { folder, outcome } of [whole, long, masked]) {
        for (const text of [...filesOf(folder).values(), outcome.stdout, outcome.stderr]) {
          for (const form of forms) expect(text).not.toContain(form)
          expect(text).not.toMatch(/canary|simulator-key|cookie/i)
        }
        for (const text of filesOf(folder).values()) {
          const { exchanges } = JSON.parse(text)
          for (const { reqheaders, rawHeaders, response } of exchanges) {
            expect(reqheaders["authorization"]).toBe("Bearer REDACTED")
            expect(rawHeaders[0]).toBe("content-type")
            expect(rawHeaders).toHaveLength(2)
            if (typeof response !== "string")
              expect(response.echo.headers).not.toHaveProperty("authorization")
          }
        }
      }
    })

    it("masks people alike in all files, in filters and in responses", () => {
      const files = [...filesOf(masked.folder).values()].join("\n")
      const plain = [...filesOf(whole.folder).values()].join("\n")
      const address = /[\w.]+@(?:user\.)?example\.com/g
      const addresses = new Set([...plain.matchAll(address)].map(([found]) => found))
      const people = new Set(
        [...files.matchAll(/person-\d+@example\.com/g)].map(([found]) => found),
      )
      expect(files).not.toContain("acme-corp")
      expect(people.size).toBe(addresses.size)
      expect(people.size).toBeGreaterThan(2)
      expect(names.filter((name) => !plain.includes(name))).toEqual([])
      expect(names.filter((name) => files.includes(name))).toEqual([])
      const { query, exchanges } = JSON.parse(filesOf(masked.folder).get("list-actor.json") ?? "")
      expect(query.actorId).toMatch(/^masked-\d+$/)
      expect(decodeURIComponent(exchanges[0].path)).toContain(query.actorId)
      expect(JSON.stringify(exchanges[0].response)).toContain(query.actorId)
      expect(
        reportsOf(masked).find(({ file }) => file === "fixtures/list-pages.json"),
      ).toMatchObject({
        masked: { addresses: expect.any(Number), values: expect.any(Number) },
      })
    })
  },
)

describe("execlog record", () => {
  let simulator: Awaited<ReturnType<typeof startSimulator>>
  let baseUrl: string

  beforeAll(async () => {
    simulator = await startHistory(20)
    baseUrl = simulator.dify.baseUrl
  })
  afterAll(() => simulator.stop())

  it("writes no header of a gateway, and no form of its value", async () => {
    const simulator = await startHistory(5)
    await using server = await startEchoing(simulator)
    const directory = directoryWith({
      "execlog.json": {
        connections: {
          bot: {
            provider: "dify",
            settings: { baseUrl: `${server.url}/v1` },
            headers: { "X-Gateway-Key": "Token ${GATEWAY_KEY}" },
          },
        },
      },
    })
    const { code, stderr } = await execlog(["record", "--out", "fixtures"], {
      directory,
      environment: { ...environment, GATEWAY_KEY: "canary-gateway-1" },
    })
    await simulator.stop()
    expect(code, stderr).toBe(0)
    const files = [...filesOf(join(directory, "fixtures")).values()]
    expect(files.length).toBeGreaterThan(0)
    for (const text of files) expect(text).not.toMatch(/canary|gateway/i)
  })

  it("prints in a dry run what it would write, and writes nothing", async () => {
    const dry = await record("dify", baseUrl, ["--dry-run", "--mask"])
    expect(dry.outcome.code, dry.outcome.stderr).toBe(0)
    expect(existsSync(dry.folder)).toBe(false)
    expect(reportsOf(dry)).toContainEqual(
      expect.objectContaining({
        file: "fixtures/list-status-failed.json",
        written: false,
        bytes: expect.any(Number),
        requests: ["GET /v1/workflows/logs?status=failed&page=1&limit=100"],
        masked: expect.objectContaining({ addresses: expect.any(Number) }),
      }),
    )
    const written = await record("dify", baseUrl, ["--mask"])
    const sizes = reportsOf(written).map(({ file, bytes, written }) => ({ file, bytes, written }))
    expect(sizes).toEqual(reportsOf(dry).map(({ file, bytes }) => ({ file, bytes, written: true })))
    for (const { file, bytes } of sizes) {
      expect(readFileSync(join(written.directory, String(file))).length).toBe(bytes)
    }
  })

  it("prints its report for people on a terminal", async () => {
    const { stdout } = await onTerminal(
      [
        "record",
        "--provider",
        "dify",
        "--set",
        `baseUrl=${baseUrl}`,
        "--out",
        "fixtures",
        "--dry-run",
      ],
      120,
      { directory: directoryWith({}), environment: { ...environment, NO_COLOR: "1" } },
    )
    expect(stdout).toMatch(
      /^fixtures\/get-failed\.json {2}\d+ bytes, 1 execution: one execution that is failed\r$/m,
    )
    expect(stdout).toMatch(/^ {2}GET \/v1\/workflows\/logs\?status=failed&page=1&limit=100\r$/m)
  })

  it("overwrites existing files only with --force, and says that no response changed shape", async () => {
    const { directory, folder } = await record("dify", baseUrl, [])
    const before = filesOf(folder)
    const { outcome } = await record("dify", baseUrl, ["--server", "another"], directory)
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toContain("Nothing was written")
    expect(outcome.stderr).toContain("their responses have the same shape")
    expect(filesOf(folder)).toEqual(before)
    const forced = await record("dify", baseUrl, ["--server", "another", "--force"], directory)
    expect(forced.outcome.code).toBe(0)
    expect(filesOf(folder).get("list-pages.json")).toContain('"server": "another"')
  })

  it("prints how responses changed shape, and exits with 1 without writing", async () => {
    const drift = (text: string) => {
      const body = JSON.parse(text)
      for (const { workflow_run: run } of body.data ?? []) {
        run.total_tokens = String(run.total_tokens)
        run.cost = { amount: 1, currency: "EUR" }
        delete run.exceptions_count
      }
      return JSON.stringify(body)
    }
    await using before = await startEchoing(simulator)
    await using after = await startEchoing(simulator, drift)
    const { directory, folder } = await record("dify", `${before.url}/v1`, [])
    const files = filesOf(folder)
    const again = await record("dify", `${after.url}/v1`, ["--dry-run"], directory)
    expect(again.outcome.code).toBe(1)
    expect(again.outcome.stderr).toMatch(/the responses of \d+ have changed shape/)
    expect(filesOf(folder)).toEqual(files)
    const pages = reportsOf(again).find(({ file }) => file === "fixtures/list-pages.json")
    const route = "GET /workflows/logs"
    expect(pages?.["differences"]).toEqual([
      {
        route,
        path: "data[].workflow_run.cost",
        change: "appeared",
        before: null,
        after: "object",
      },
      {
        route,
        path: "data[].workflow_run.exceptions_count",
        change: "vanished",
        before: "number",
        after: null,
      },
      {
        route,
        path: "data[].workflow_run.total_tokens",
        change: "changed",
        before: "number",
        after: "string",
      },
    ])
  })

  it("does not write what looks like a token, and names the --mask-path for it", async () => {
    const leaking = (text: string) => {
      const body = JSON.parse(text)
      for (const row of body.data ?? []) row.details = { session: "Zk3vQ9xTb7LmR2pWc8YdN4aH" }
      return JSON.stringify(body)
    }
    await using server = await startEchoing(simulator, leaking)
    const rejected = await record("dify", `${server.url}/v1`, [])
    expect(rejected.outcome.code).toBe(1)
    expect(rejected.outcome.stderr).toContain('--mask-path "data.*.details.session"')
    expect(existsSync(rejected.folder)).toBe(false)
    const masked = await record("dify", `${server.url}/v1`, [
      "--mask-path",
      "data.*.details.session",
    ])
    expect(masked.outcome.code, masked.outcome.stderr).toBe(0)
    expect([...filesOf(masked.folder).values()].join("")).not.toContain("Zk3vQ9xTb7LmR2pWc8YdN4aH")
  })

  it("names no --mask-path when what looks like a token is not in a response", async () => {
    const { outcome, folder } = await record("dify", baseUrl, [
      "--search",
      "Zk3vQ9xTb7LmR2pWc8YdN4aH",
    ])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain("where --mask-path does not apply")
    expect(outcome.stderr).not.toContain('--mask-path "')
    expect(existsSync(folder)).toBe(false)
  })

  it("records a search with --search", async () => {
    const { outcome, folder } = await record("dify", baseUrl, ["--search", "Order"])
    expect(outcome.stderr).toBe("")
    const { query, exchanges } = JSON.parse(filesOf(folder).get("list-search.json") ?? "")
    expect(query).toEqual({ search: "Order" })
    expect(exchanges[0].path).toContain("keyword=Order")
  })

  it("warns of addresses that look real", async () => {
    await using server = await startEchoing(simulator, withRealPeople)
    const { outcome } = await record("dify", `${server.url}/v1`, [])
    expect(outcome.stderr).toMatch(
      /warning: \d+ values look like a real address.*--mask replaces them/,
    )
  })

  it("exits with 3 when the key is rejected", async () => {
    const { code, stdout, stderr } = await execlog(
      ["record", "--provider", "dify", "--set", `baseUrl=${baseUrl}`, "--out", "fixtures"],
      { directory: directoryWith({}), environment: { DIFY_API_KEY: "app-canary-wrong" } },
    )
    expect(code).toBe(3)
    expect(stdout).toBe("")
    expect(stderr).toContain("401")
  })

  it.each([
    [
      "a path that leads nowhere",
      ["--out", "f", "--mask-path", "data..email"],
      "is not a valid path to mask",
    ],
    ["no folder", [], "--out"],
  ])("rejects %s when it records", async (_, flags, message) => {
    const { code, stderr } = await execlog(
      ["record", "--provider", "dify", "--set", `baseUrl=${baseUrl}`, ...flags],
      { directory: directoryWith({}), environment },
    )
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
