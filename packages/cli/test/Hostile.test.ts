import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { execlog, onTerminal } from "./Execlog.js"

// Terminal control sequences: colours, a title, a cleared screen in C1, backspaces, a text direction.
const message =
  "\u001b[31mred\u001b]0;title\u0007 \u009b2J \b\b\u007f \u202egnp.exe\u2066 \n2026 ok"
const shown =
  "\\x1b[31mred\\x1b]0;title\\x07 \\x9b2J \\x08\\x08\\x7f \\u202egnp.exe\\u2066 \\n2026 ok"
const obeyed = /(?![\r\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "\n=1+1", "+49 30 1234567"]

let simulator: Simulator
let args: ReadonlyArray<string>
let environment: { readonly [name: string]: string }

beforeAll(async () => {
  const at = Date.parse("2026-11-21T07:00:00Z")
  const row = (minute: number, error: string, session: string) => ({
    listedAt: at + minute * 60_000,
    startedAt: at + minute * 60_000,
    finishedAt: at + minute * 60_000 + 5000,
    status: "failed" as const,
    error,
    session,
  })
  simulator = await startSimulator({
    dify: {
      rows: [
        row(0, message, "user"),
        row(1, "図表を作成できません、モデルがありません。図表を作成できません 👩‍👩‍👧", "ユーザー"),
        ...formulas.map((formula, index) => row(2 + index, `${formula} "quoted", and`, formula)),
      ],
    },
  })
  args = ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
  environment = { DIFY_API_KEY: simulator.dify.apiKey, NO_COLOR: "1" }
})

afterAll(() => simulator.stop())

const clearedLine = "\r\u001b[2K"

/** The final content of a terminal: a slow machine first shows a progress line and clears it. */
const printedOnTerminal = async (...call: Parameters<typeof onTerminal>) => {
  const ended = await onTerminal(...call)
  const printed = ended.stdout.split(clearedLine).filter((part) => !/^[\u2800-\u28ff] /.test(part))
  return { ...ended, stdout: printed.join("") }
}

describe("text from a provider", () => {
  it("prints control characters escaped in a table", async () => {
    const { stdout } = await printedOnTerminal(["list", ...args], 400, { environment })
    expect(stdout).toContain(shown.slice(0, 60))
    expect(stdout).not.toMatch(obeyed)
    expect(stdout.trimEnd().split("\n")).toHaveLength(formulas.length + 3)
  })

  it("cuts text by its width on the terminal", async () => {
    const { stdout } = await printedOnTerminal(["list", ...args], 120, { environment })
    const line = stdout.split("\r\n").find((candidate) => candidate.includes("図表")) ?? ""
    expect(line).toContain("…")
    // Each of these characters takes two columns.
    const wide = line.match(/[\u3000-\u9fff]/g)?.length ?? 0
    expect(line.length + wide).toBeLessThanOrEqual(120)
    expect(line).toMatch(/[\da-f]{8}-[\da-f-]{27}$/)
  })

  it.each(["json", "ndjson"])(
    "keeps text the same in %s, with control characters escaped",
    async (format) => {
      const { stdout } = await printedOnTerminal(["list", ...args, "--format", format], 100, {
        environment,
      })
      expect(stdout).not.toMatch(obeyed)
      const text = format === "json" ? stdout : `[${stdout.trimEnd().split("\r\n").join(",")}]`
      const errors = JSON.parse(text).map(
        (execution: { error: { message: string } }) => execution.error.message,
      )
      expect(errors).toContain(message)
    },
  )

  it("writes no formula in CSV", async () => {
    const { stdout } = await execlog(["list", ...args, "--format", "csv"], { environment })
    expect(stdout).toContain(`"'=1+1 ""quoted"", and"`)
    expect(stdout).toContain(`"'-1 ""quoted"", and"`)
    // Only the first line of a cell can start a formula.
    expect(stdout.replaceAll("'\n", "'")).not.toMatch(/(^|,)"?[=+\-@\t\r＝]/m)
    expect(stdout).not.toMatch(/(?![\t\n\r])[\p{Cc}\u202a-\u202e]/u)
    expect(stdout).toContain(`"'\n=1+1 ""quoted"", and"`)
    // On a terminal, line breaks and tabs are escaped as well.
    const terminal = await printedOnTerminal(["list", ...args, "--format", "csv"], 100, {
      environment,
    })
    expect(terminal.stdout).not.toMatch(obeyed)
  })

  it("writes text unchanged in CSV with --csv-safe=off", async () => {
    const flags = ["--format", "csv", "--csv-safe=off"]
    for (const command of ["list", "export"]) {
      const { stdout, stderr } = await execlog([command, ...args, ...flags], { environment })
      expect(stdout).toContain(`"+49 30 1234567 ""quoted"", and"`)
      expect(stdout).toContain(`,+49 30 1234567,`)
      expect(stdout).not.toMatch(/(^|,)"?'/m)
      expect(stderr).toBe("")
    }
    const wrong = await execlog(["export", ...args, "--csv-safe=no"], { environment })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('--csv-safe: "no" is neither on nor off.')
  })

  it("prints control characters escaped in the view of one execution", async () => {
    const id = [...simulator.dify.truth()].at(-1)?.workflow_run?.id ?? ""
    const { code, stdout } = await printedOnTerminal(["get", id, ...args], 100, { environment })
    expect(code).toBe(0)
    expect(stdout).toContain(shown)
    expect(stdout).not.toMatch(obeyed)
  })
})
