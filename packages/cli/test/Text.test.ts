import type { Execution, Step } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { detailText } from "../src/commands/get/Detail.js"
import { cutToWidth, fitColumns, padToWidth, totalWidth } from "../src/formats/Cell.js"
import { tableWriter } from "../src/formats/Table.js"
import { leastFailure } from "../src/session/ExitCode.js"
import { deepJson } from "../src/text/DeepJson.js"
import { humanDuration, humanInstant } from "../src/text/HumanTime.js"
import { shellWord } from "../src/text/ShellWord.js"
import { terminalJson, terminalText } from "../src/text/TerminalText.js"
import { bareExecution } from "./BareExecution.js"

describe("text", () => {
  it.each([
    [0, "0ms"],
    [47.4, "47ms"],
    [999.6, "1.0s"],
    [1000, "1.0s"],
    [25_100, "25.1s"],
    [59_949, "59.9s"],
    [59_950, "1m00s"],
    [192_000, "3m12s"],
    [3_599_700, "1h00m"],
    [7_500_000, "2h05m"],
    [367_200_000, "4d06h"],
    [1e300, ">1000y"],
  ])("formats a duration of %d ms as %s", (milliseconds, expected) => {
    expect(humanDuration(milliseconds)).toBe(expected)
  })

  it("formats instants in UTC", () => {
    expect(humanInstant(new Date("2026-11-21T08:54:02.999+01:00"))).toBe("2026-11-21 07:54:02Z")
  })

  it("quotes a word for the shell only when it must", () => {
    expect(shellWord("baseUrl=http://127.0.0.1:5001/v1")).toBe("baseUrl=http://127.0.0.1:5001/v1")
    expect(shellWord("it's $HOME")).toBe("'it'\\''s $HOME'")
    expect(shellWord("")).toBe("''")
    expect(shellWord("a\u001b[31m'\\\u202e1")).toBe("$'a\\033[31m\\'\\\\\\342\\200\\2561'")
  })

  it("escapes half characters and keeps whole ones", () => {
    expect(terminalText("a\ud83db 👍 é")).toBe("a\\ud83db 👍 é")
    expect(terminalJson({ a: "\u0085\u2028" })).toBe('{"a":"\\u0085\\u2028"}')
  })

  it.each([
    ["a\u200bb", "a\\u200bb"],
    ["a\u180eb\u00adc", "a\\u180eb\\xadc"],
    ["ok\u{e0049}\u{e0001}", "ok\\u{e0049}\\u{e0001}"],
    ["\u2060\u3164\u034f", "\\u2060\\u3164\\u034f"],
    ["ad\u200dmin\u200c", "ad\\u200dmin\\u200c"],
    ["é\u200d\u200d\u200c", "é\u200d\\u200d\\u200c"],
    ["a\ufe01\u{e0100}", "a\\ufe01\\u{e0100}"],
    ["é\ufe0f\ufe01\u{e0101}", "é\ufe0f\\ufe01\\u{e0101}"],
  ])("escapes invisible characters: %j", (text, shown) => {
    expect(terminalText(text)).toBe(shown)
    const json = terminalJson({ text })
    expect(json).not.toBe(JSON.stringify({ text }))
    expect(JSON.parse(json)).toEqual({ text })
  })

  it.each(["👩‍👩‍👧‍👦 ❤️‍🔥 1️⃣ 👍🏽", "می‌خواهم", "क्‍ष", "葛\u{e0100}飾", "e\u0301\u0323", "שָׁ֔לוֹם"])(
    "keeps invisible characters that belong to a visible one: %s",
    (text) => {
      expect(terminalText(text)).toBe(text)
      expect(terminalJson({ text })).toBe(JSON.stringify({ text }))
    },
  )

  it("limits the marks over one character", () => {
    expect(terminalText(`a${"\u0301".repeat(2_000_000)}b`)).toBe(`a${"\u0301".repeat(8)}…b`)
  })

  it.each([
    ["combining marks", `a${"\u0301".repeat(2_000_000)}`],
    ["letters of one syllable", "\u1100".repeat(2_000_000)],
    ["emoji that are joined", "👩\u200d".repeat(700_000)],
    ["letters", "a".repeat(2_000_000)],
    ["letters that are not of ASCII", "é".repeat(2_000_000)],
  ])("cuts a cell of two million %s", (_, text) => {
    const cut = cutToWidth(text, 20)
    expect(cut.length).toBeLessThanOrEqual(20 * 16)
    expect(cut).toMatch(/…$/)
  })

  it.each(["a", "\u0301", "\u1100", "図", "\u200b"])(
    "limits the width of a name of two million %j when the output is not a terminal",
    async (letter) => {
      let written = ""
      const write = async (data: string | Uint8Array) => {
        written += String(data)
      }
      const output = { isTerminal: false, columns: null, hasColors: false, write }
      const table = tableWriter(output, () => true)
      const workflow = { id: null, name: letter.repeat(2_000_000), version: null }
      await table.write({ ...bareExecution, workflow })
      await table.write(bareExecution)
      await table.end()
      expect(written.length).toBeLessThan(20_000)
    },
  )

  it("writes JSON of any depth", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000)
    expect(terminalJson(JSON.parse(deep)) === deep).toBe(true)
    expect(terminalJson(JSON.parse(deep), 2) === deep).toBe(true)
    const value = { a: [1, { b: "\u0085", c: undefined }], at: new Date(0), 'd"': null }
    expect(deepJson(value)).toBe(JSON.stringify(value))
  })

  it("gives the id of a table its full width first", () => {
    // For 120 columns, without an error.
    const columns = [
      { natural: 26, least: 6, rank: 2 },
      { natural: 30, least: 6, rank: 2 },
      { natural: 45, least: null, rank: 0 },
      { natural: 36, least: 6, rank: 3 },
    ]
    expect(fitColumns(columns, 120)[3]).toBe(36)
  })

  it("cuts and pads by columns, not by characters", () => {
    expect(cutToWidth("succeeded", 5)).toBe("succ…")
    expect(cutToWidth("図表を作る", 6)).toBe("図表…")
    expect(cutToWidth("図表を作る", 5)).toBe("図表…")
    expect(cutToWidth("👩‍👩‍👧 family", 4)).toBe("👩‍👩‍👧 …")
    expect(padToWidth("図", 4, "left")).toBe("図  ")
    expect(padToWidth("1s", 4, "right")).toBe("  1s")
  })

  it("narrows columns by rank, the widest first, down to their minimum", () => {
    const columns = [
      { natural: 30, least: 6, rank: 2 },
      { natural: 9, least: null, rank: 0 },
      { natural: 40, least: 10, rank: 1 },
      { natural: 36, least: 6, rank: 2 },
    ]
    expect(fitColumns(columns, null)).toEqual([30, 9, 40, 36])
    expect(fitColumns(columns, 100)).toEqual([30, 9, 19, 36])
    expect(fitColumns(columns, 60)).toEqual([17, 9, 10, 18])
    expect(totalWidth(fitColumns(columns, 60))).toBe(60)
    expect(fitColumns(columns, 10)).toEqual([6, 9, 10, 6])
  })

  it("returns the smallest exit code that is not 0", () => {
    expect(leastFailure([])).toBe(0)
    expect(leastFailure([0, 6, 3, 5])).toBe(3)
  })
})

describe("detailText", () => {
  it("prints steps in order, with their outputs and errors", () => {
    const execution: Execution = {
      ...bareExecution,
      provider: "alloy",
      id: "e1",
      workflow: { id: "w1", name: "Orders", version: "3" },
      status: "failed",
      providerStatus: "executionError",
      timestamp: new Date("2026-11-21T07:54:02Z"),
      startedAt: new Date("2026-11-21T07:54:02Z"),
      durationMs: 25_100,
      error: { message: "Refused", type: "HttpError", stepId: "s2" },
      trigger: { kind: "webhook", providerKind: "hook" },
      actor: { kind: "end_user", id: "u1", name: "Anna", email: "anna@example.com" },
      usage: { totalTokens: 12, totalSteps: null },
      steps: [
        step("s1", { name: "Read", type: "http", durationMs: 47, outputs: { ok: true } }),
        step("s2", { status: "failed", error: { message: "Refused\u001b", type: null } }),
      ],
      outputs: [1],
    }
    const lines = detailText(execution, null, { hasColors: false }).split("\n")
    expect(lines).toContain("workflow     Orders (w1, 3)")
    expect(lines).toContain("status       failed (executionError)")
    expect(lines).toContain("error        Refused (HttpError)")
    expect(lines).toContain("actor        Anna (end_user, u1, anna@example.com)")
    expect(lines).toContain("steps (2)")
    expect(lines).toContain("  1. Read (http)  succeeded  –  47ms")
    expect(lines).toContain('     outputs: {"ok":true}')
    expect(lines).toContain("  2. s2  failed  –  –")
    expect(lines).toContain("     error: Refused\\x1b")
    expect(lines.slice(-6)).toEqual(["", "outputs", "  [", "    1", "  ]", ""])
    expect(lines.join("\n")).not.toMatch(/^(?:attempt|tags|scheduled for)/m)
  })

  it("prints the planned time, the attempt and the tags when there are any", () => {
    const scheduledFor = new Date("2026-11-21T08:00:00Z")
    const execution = {
      ...bareExecution,
      scheduledFor,
      timestamp: scheduledFor,
      attempt: 2,
      tags: ["a", "b"],
    }
    const lines = detailText(execution, null, { hasColors: false }).split("\n")
    expect(lines).toContain("time           2026-11-21 08:00:00Z")
    expect(lines).toContain("scheduled for  2026-11-21 08:00:00Z")
    expect(lines).toContain("attempt        2")
    expect(lines).toContain("tags           a, b")
  })
})

const step = (id: string, more: Partial<Step>): Step => ({
  id,
  name: null,
  type: null,
  status: "succeeded",
  providerStatus: null,
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  error: null,
  attributes: {},
  ...more,
})
