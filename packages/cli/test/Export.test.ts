import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, execlog, leftOnTerminal, linesOf, onTerminal, shell } from "./Execlog.js"
import { asked } from "./ParquetFile.js"

let simulator: Simulator
let environment: { readonly [name: string]: string }
let configuration: object

// Texts that are difficult for CSV and spreadsheets.
const errors = [
  'Jörg said "no", then\r\nleft\n👩‍👩‍👧',
  "=1+1",
  "-1",
  "@SUM(A1)",
  ",;\t",
  "x".repeat(100_000),
]

beforeAll(async () => {
  simulator = await startSimulator({
    dify: {
      rows: Array.from({ length: 130 }, (_, index) => ({
        listedAt: Date.parse("2026-11-21T07:00:00Z") - index * 60_000,
        status: index < errors.length ? ("failed" as const) : ("succeeded" as const),
        error: errors[index],
      })),
    },
    alloy: { executions: 90 },
  })
  configuration = {
    connections: {
      "support-bot": {
        provider: "dify",
        settings: { apiKey: "${BOT_KEY}", baseUrl: simulator.dify.baseUrl },
        transport: { retries: 0 },
      },
      production: { provider: "alloy", settings: { baseUrl: simulator.alloy.baseUrl } },
    },
  }
  environment = { BOT_KEY: simulator.dify.apiKey, ALLOY_API_KEY: simulator.alloy.apiKey }
})

afterAll(() => simulator.stop())

/** A new directory with a configuration, and functions to call the program there. */
const place = (files: { readonly [name: string]: unknown } = {}) => {
  const directory = directoryWith({ "execlog.json": configuration, ...files })
  return {
    directory,
    call: (args: ReadonlyArray<string>) => execlog(args, { directory, environment }),
    path: (name: string) => join(directory, name),
    text: (name: string) => readFileSync(join(directory, name), "utf8"),
    files: () => readdirSync(directory).filter((name) => name !== "execlog.json"),
  }
}

describe("execlog export", () => {
  it("writes all executions without a default limit, and prints their number", async () => {
    const { call, text, files } = place()
    const { code, stdout, stderr } = await call(["export", "--output", "all.ndjson"])
    expect(stderr).toBe("220 executions written to all.ndjson.\n")
    expect(code).toBe(0)
    expect(stdout).toBe("")
    expect(text("all.ndjson")).toBe((await call(["list", "--limit", "all"])).stdout)
    expect(files()).toEqual(["all.ndjson"])
  })

  it("applies the query and --limit", async () => {
    const { call, text } = place()
    const query = ["--connection", "support-bot", "--status", "failed", "--limit", "4"]
    await call(["export", ...query, "--output", "failed.jsonl"])
    expect(text("failed.jsonl")).toBe((await call(["list", ...query])).stdout)
    expect(linesOf(text("failed.jsonl"))).toHaveLength(4)
  })

  it.each(["csv", "parquet"])(
    "writes %s that another program reads with the same values",
    async (format) => {
      const { call, path } = place()
      await call(["export", "--output", `all.${format}`])
      const reader = format === "csv" ? "read_csv($file, all_varchar = true)" : "$file"
      const instants = ["started_at", "finished_at", "listed_at"]
      const found = await asked(
        `select provider, connection, id, status, error_message, total_tokens::bigint as total_tokens,
        ${instants.map((name) => `epoch_ms(${name}::timestamptz) as ${name}`).join(", ")}
      from ${reader}`,
        path(`all.${format}`),
      )
      const listed = (await call(["list", "--limit", "all"])).stdout.trimEnd().split("\n")
      const isFormula = /^[=+\-@\t]/
      expect(found).toEqual(
        listed.map((line) => {
          const execution = JSON.parse(line)
          const { provider, connection, id, status, usage, error } = execution
          const message: string | null = error?.message ?? null
          const isGuarded = format === "csv" && message !== null && isFormula.test(message)
          return {
            provider,
            connection,
            id,
            status,
            error_message: isGuarded ? `'${message}` : message,
            total_tokens: usage.totalTokens === null ? null : BigInt(usage.totalTokens),
            started_at: milliseconds(execution.startedAt),
            finished_at: milliseconds(execution.finishedAt),
            listed_at: milliseconds(execution.listedAt),
          }
        }),
      )
    },
  )

  it("starts CSV with a byte order mark for Excel, except on a terminal", async () => {
    const { call, text, directory } = place()
    await call(["export", "--limit", "1", "--output", "one.csv"])
    expect(text("one.csv")).toMatch(/^\ufeffprovider,connection,id,/)
    const piped = await call(["export", "--limit", "1", "--format", "csv"])
    expect(piped.stdout).toBe(text("one.csv"))
    const shown = await onTerminal(["export", "--limit", "1", "--format", "csv"], 80, {
      directory,
      environment,
    })
    expect(leftOnTerminal(shown.stdout)).toMatch(/^provider,connection,id,/)
  })

  it("writes a file even when there are no executions", async () => {
    const { call, path, text } = place()
    const none = ["export", "--until", "2001-01-01", "--output"]
    for (const name of ["none.csv", "none.ndjson", "none.parquet"]) {
      expect(await call([...none, name])).toMatchObject({ code: 0 })
    }
    expect(text("none.csv").trimEnd().split("\n")).toHaveLength(1)
    expect(text("none.ndjson")).toBe("")
    expect(await asked("select count(*)::int as rows from $file", path("none.parquet"))).toEqual([
      { rows: 0 },
    ])
  })

  it("writes to stdout when no file is named", async () => {
    const { call, directory, path } = place()
    expect((await call(["export"])).stdout).toBe((await call(["list", "--limit", "all"])).stdout)
    const line = "execlog export --format parquet > all.parquet"
    expect(await shell(line, { directory, environment })).toMatchObject({ code: 0, stderr: "" })
    expect(await asked("select count(*)::int as rows from $file", path("all.parquet"))).toEqual([
      { rows: 220 },
    ])
  })

  it("prefers --format over the extension of the file", async () => {
    const { call, text } = place()
    await call(["export", "--limit", "1", "--format", "ndjson", "--output", "odd.csv"])
    expect(linesOf(text("odd.csv"))).toHaveLength(1)
  })

  it.each([
    [["--output", "executions"], "does not have the extension of a format"],
    [["--output", "executions.xlsx"], "does not have the extension of a format"],
    [["--output", ""], "--output is empty"],
    [["--format", "json"], '--format: "json" is not a format of this command.'],
  ])("rejects the export flags %j without a request", async (flags, message) => {
    const { call, files } = place()
    simulator.clearRequests()
    const { code, stderr } = await call(["export", ...flags])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(files()).toEqual([])
    expect(simulator.requests).toEqual([])
  })

  it("does not write Parquet to a terminal", async () => {
    const { directory } = place()
    const { code, stdout } = await onTerminal(["export", "--format", "parquet"], 80, {
      directory,
      environment,
    })
    expect(stdout).toContain("Parquet cannot be written to a terminal.")
    expect(code).toBe(2)
  })
})

describe("the file of an export", () => {
  it("replaces the file behind a link, and keeps its mode", async () => {
    const { call, path, text } = place({ "all.ndjson": "before" })
    chmodSync(path("all.ndjson"), 0o640)
    symlinkSync("all.ndjson", path("link.ndjson"))
    await call(["export", "--limit", "1", "--output", "link.ndjson"])
    expect(linesOf(text("all.ndjson"))).toHaveLength(1)
    expect(statSync(path("all.ndjson")).mode & 0o777).toBe(0o640)
  })

  it("creates a file with mode 600, whatever the umask", async () => {
    const { directory, path } = place()
    await shell("umask 0; execlog export --limit 1 --output new.csv", { directory, environment })
    expect(statSync(path("new.csv")).mode & 0o777).toBe(0o600)
  })

  it.each([
    [0o600, null],
    [0o600, 0o600],
    [0o640, 0o640],
    [0o666, 0o666],
  ])(
    "writes with mode %o from the first byte when the existing file has mode %o",
    async (mode, before) => {
      const { call, directory, path } = place(before === null ? {} : { "all.ndjson": "before" })
      if (before !== null) chmodSync(path("all.ndjson"), before)
      let whileWritten: number | undefined
      simulator.intercept(() => {
        const [temporary] = readdirSync(directory).filter((name) => name.endsWith(".tmp"))
        if (temporary !== undefined) whileWritten = statSync(path(temporary)).mode & 0o777
        return undefined
      })
      await call(["export", "--output", "all.ndjson", "--page-size", "1"])
      simulator.intercept(() => undefined)
      expect([whileWritten, statSync(path("all.ndjson")).mode & 0o777]).toEqual([mode, mode])
    },
  )

  it.each([
    ["none/all.csv", /There is no folder \S*none\.\n {2}Create it first/],
    ["execlog.json/all.csv", /execlog\.json is not a folder\./],
    [".", /is a folder\./],
  ])("rejects the output %s before a request", async (name, message) => {
    const { call, files } = place()
    simulator.clearRequests()
    const { code, stderr } = await call(["export", "--format", "csv", "--output", name])
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
    expect(files()).toEqual([])
    expect(simulator.requests).toEqual([])
  })

  it("does not replace a pipe or a device", async () => {
    const { call, directory, path } = place()
    await shell("mkfifo pipe.csv", { directory })
    const { code, stderr } = await call(["export", "--output", "pipe.csv"])
    expect(stderr).toMatch(/pipe\.csv is not a file but a device or a pipe\./)
    expect(code).toBe(1)
    expect(statSync(path("pipe.csv")).isFIFO()).toBe(true)
  })

  it.each(["ndjson", "csv", "parquet"])(
    "leaves the old file unchanged when %s cannot be written",
    async (format) => {
      const { directory, text, files } = place({ "all.out": "before" })
      const { code, stderr } = await shell(
        `ulimit -f 4; execlog export --format ${format} --output all.out`,
        { directory, environment },
      )
      expect(stderr).toMatch(/all\.out cannot be written: EFBIG/)
      expect(stderr).toContain("Nothing was written to all.out.")
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(code).toBe(1)
      expect(files()).toEqual(["all.out"])
      expect(text("all.out")).toBe("before")
    },
  )

  it("leaves no file when reading fails", async () => {
    const { call, files } = place()
    simulator.clearRequests()
    const stop = simulator.intercept(({ provider }) =>
      provider === "dify" && simulator.requests.length >= 3
        ? { status: 401, body: { message: "revoked" } }
        : undefined,
    )
    const { code, stderr } = await call(["export", "--page-size", "10", "--output", "all.parquet"])
    stop()
    expect(stderr).toContain("support-bot (dify): Dify answered GET /workflows/logs with 401")
    expect(stderr).toContain("Nothing was written to all.parquet.")
    expect(code).toBe(3)
    expect(files()).toEqual([])
  })

  it("leaves no file, and sends no request, when a connection has no key", async () => {
    const { directory, files } = place()
    simulator.clearRequests()
    const { code, stderr } = await execlog(["export", "--output", "all.csv"], {
      directory,
      environment: { BOT_KEY: simulator.dify.apiKey },
    })
    expect(stderr).toContain('production (alloy): The setting "apiKey" of alloy is missing')
    expect(stderr).toContain("Nothing was written to all.csv.")
    expect(code).toBe(2)
    expect(files()).toEqual([])
    expect(simulator.requests).toEqual([])
  })

  it("omits unreadable items, or writes no file under --strict", async () => {
    const { call, text, files } = place()
    const rows: ReadonlyArray<object> = [...simulator.dify.truth()].slice(0, 5)
    const data = [...rows, { id: "odd", created_at: "\u001b" }]
    const stop = simulator.intercept(({ provider }) =>
      provider === "dify"
        ? { status: 200, body: { page: 1, limit: 100, total: 6, has_more: false, data } }
        : undefined,
    )
    const args = ["export", "--connection", "support-bot", "--output"]
    const strict = await call([...args, "strict.ndjson", "--strict"])
    const lenient = await call([...args, "lenient.ndjson"])
    stop()
    expect(strict.stderr).toContain("Nothing was written to strict.ndjson.")
    expect(strict.code).toBe(6)
    expect(lenient.stderr).toContain("item 5 (odd) was rejected: ")
    expect(lenient.code).toBe(0)
    expect(files()).toEqual(["lenient.ndjson"])
    expect(linesOf(text("lenient.ndjson"))).toHaveLength(5)
  })
})

const milliseconds = (time: string | null) => (time === null ? null : BigInt(Date.parse(time)))
