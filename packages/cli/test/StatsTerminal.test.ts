import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { countedFromList, type ListedExecution, listedIn } from "./CountedFromList.js"
import { execlog, leftOnTerminal, onTerminal } from "./Execlog.js"
import { startThreeConnections } from "./ThreeConnections.js"

let simulator: Simulator
let surroundings: Awaited<ReturnType<typeof startThreeConnections>>["surroundings"]
let executions: ReadonlyArray<ListedExecution>

beforeAll(async () => {
  ;({ simulator, surroundings } = await startThreeConnections())
  const { stdout } = await execlog(["list", "--limit", "all", "--format", "ndjson"], surroundings)
  executions = listedIn(stdout)
})

afterAll(() => simulator.stop())

describe("execlog stats on a terminal", () => {
  const terminal = async (columns: number, ...args: ReadonlyArray<string>) => {
    const { stdout, code } = await onTerminal(["stats", ...args], columns, {
      ...surroundings,
      environment: { ...surroundings.environment, NO_COLOR: "1" },
    })
    expect(code).toBe(0)
    return leftOnTerminal(stdout).trimEnd().split("\n")
  }

  it.each([60, 80, 120])("fits %i columns, and prints every section", async (columns) => {
    const lines = await terminal(columns, "--by", "workflow")
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    const text = lines.join("\n")
    const { failures } = countedFromList(executions)
    expect(text).toMatch(new RegExp(`^executions +${executions.length} `, "m"))
    expect(text).toMatch(new RegExp(`^failures +${failures}$`, "m"))
    expect(text).toMatch(/^success rate +\d\d\.\d% {2}█+░+×+$/m)
    expect(text).toMatch(/^WORKFLOW +FROM +COUNT +SUCCESS +FAILED/m)
    expect(text).toMatch(/^executions {2}[▁-█·]+ {2}max \d+$/m)
    expect(text).toMatch(/^failures {4}[▁-█·]+ {2}max \d+$/m)
    expect(text).toMatch(/^FAILED +OF +RATE +WORKFLOW +FROM$/m)
    expect(text).toMatch(/^ERRORS +MESSAGE$/m)
    expect(text).not.toContain("\u001b")
  })

  it("stays readable in 30 columns", async () => {
    const lines = await terminal(30)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30)
    expect(lines.join("\n")).toMatch(/^supp\S+ +230 +\d\d\.\d%/m)
  })

  it("aligns figures, and draws bars by count", async () => {
    const lines = await terminal(120)
    const table = lines.slice(lines.findIndex((line) => line.startsWith("FROM")))
    const [head = "", first = "", second = "", third = ""] = table
    const end = head.indexOf("COUNT") + "COUNT".length
    expect([first, second, third].map((line) => line.slice(0, end))).toEqual([
      "support-bot (dify)     230",
      "production (alloy)     150",
      // Two more are planned for later.
      "warehouse (prefect)     88",
    ])
    const bars = [first, second, third].map((line) => /[█░×]+/.exec(line)?.[0].length ?? 0)
    expect(bars[0]).toBeGreaterThan(bars[1] ?? 0)
    expect(bars[1]).toBeGreaterThan(bars[2] ?? 0)
    expect(new Set(table.slice(0, 4).map((line) => line.length)).size).toBe(1)
  })

  it("colours success and failure", async () => {
    const { stdout } = await onTerminal(["stats"], 100, surroundings)
    const seen = stdout.replaceAll("\u001b", "ESC")
    expect(seen).toMatch(/ESC\[32m█+ESC\[39m/)
    expect(seen).toMatch(/ESC\[31m█+ESC\[39m/)
    expect(seen).not.toContain("×")
  })

  it("prints the latest of many hours, and how many it omits", async () => {
    const old = await startSimulator({
      dify: {
        rows: Array.from({ length: 60 }, (_, hour) => ({
          listedAt: Date.parse("2026-11-18T00:00:00Z") + hour * 3_600_000,
          startedAt: Date.parse("2026-11-18T00:00:00Z") + hour * 3_600_000,
          finishedAt: null,
          status: "running" as const,
        })),
      },
    })
    const { stdout } = await execlog(
      ["stats", "--provider", "dify", "--set", `baseUrl=${old.dify.baseUrl}`].concat([
        "--by",
        "hour",
        "--format",
        "table",
      ]),
      { environment: { DIFY_API_KEY: old.dify.apiKey } },
    )
    await old.stop()
    expect(stdout).toContain("10 earlier groups are not shown; --format csv has all.")
    expect(stdout).toMatch(/^2026-11-20 11:00Z +1 /m)
    expect(stdout).not.toMatch(/^2026-11-18 09:00Z/m)
  })
})

describe("text from a provider", () => {
  it("prints control characters escaped in the report, and no formula in CSV", async () => {
    const at = Date.parse("2026-11-21T07:00:00Z")
    const hostile = await startSimulator({
      dify: {
        rows: [
          {
            listedAt: at,
            startedAt: at,
            finishedAt: at + 1000,
            status: "failed" as const,
            error: "\u001b[31mred\u0007 \u202egnp.exe\nsecond",
          },
        ],
      },
    })
    const workflow = JSON.stringify({ id: "=1+1", name: "=cmd|'/C calc'!A0\u001b[2J" })
    const args = ["stats", "--provider", "dify", "--set", `baseUrl=${hostile.dify.baseUrl}`]
    const asked = [...args, "--set", `workflow=${workflow}`, "--by", "workflow", "--format"]
    const own = { environment: { DIFY_API_KEY: hostile.dify.apiKey } }
    const table = await execlog([...asked, "table"], own)
    expect(table.stdout).toContain("\\x1b[31mred\\x07 \\u202egnp.exe\n")
    expect(table.stdout).toContain("=cmd|'/C calc'!A0\\x1b[2J")
    expect(table.stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    const csv = await execlog([...asked, "csv"], own)
    expect(csv.stdout).toContain("'=1+1,'=cmd|'/C calc'!A0\\x1b[2J,")
    await hostile.stop()
  })
})
