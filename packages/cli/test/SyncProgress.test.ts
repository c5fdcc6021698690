import { emptySummary, type SyncProgress } from "@execlog/store"
import { describe, expect, it, vi } from "vitest"
import { makeSyncProgress } from "../src/commands/sync/SyncProgressLines.js"
import { makeProgress } from "../src/session/Progress.js"
import { ended, shown, startOnTerminal } from "./Execlog.js"
import { startScene } from "./Scene.js"

const reached: SyncProgress = {
  ...emptySummary("support-bot", "dify"),
  added: 100,
  pages: 1,
  pass: "history",
  reached: new Date("2026-11-21T08:00:00Z"),
  total: 1_430,
}

/** The lines after each progress report of one connection. */
const linesOf = (parts: ReadonlyArray<Partial<SyncProgress>>): ReadonlyArray<string> => {
  const texts: Array<string> = []
  const show = (text: string) => {
    texts.push(text)
  }
  const lines = makeSyncProgress({ show, clear: () => {}, stop: () => {} })
  lines.begin("bot")
  for (const part of parts) lines.show("bot", { ...reached, ...part }, 2)
  return texts
}

describe("a line of progress", () => {
  it("shows what was read, how fast, how far back, and what remains", () => {
    expect(linesOf([{}])).toEqual([
      "bot: reading",
      "bot: 100 executions, 50/s, back to 2026-11-21 08:00:00Z, 1,330 remain",
    ])
    expect(linesOf([{ reached: null, total: null, added: 3_000 }])[1]).toBe(
      "bot: 3,000 executions, 1,500/s",
    )
  })

  it("counts down when the total comes with each page or only with the first", () => {
    for (const total of [1_430, null]) {
      expect(linesOf([{}, { added: 900, total }, { added: 1_430, total }]).slice(2)).toEqual([
        "bot: 900 executions, 450/s, back to 2026-11-21 08:00:00Z, 530 remain",
        "bot: 1,430 executions, 715/s, back to 2026-11-21 08:00:00Z",
      ])
    }
  })

  it("counts what remains of the history without executions read by other passes", () => {
    const recent = { pass: "recent", added: 0, unchanged: 22, total: 22 } as const
    const history = { added: 100, unchanged: 22, total: 1_430 }
    expect(linesOf([recent, history]).slice(1)).toEqual([
      "bot: 22 executions, 11/s, back to 2026-11-21 08:00:00Z",
      "bot: 122 executions, 61/s, back to 2026-11-21 08:00:00Z, 1,330 remain",
    ])
  })
})

describe("progress of more lines than the terminal has", () => {
  it("cuts the lines, so that everything drawn can be cleared", () => {
    vi.useFakeTimers()
    try {
      let text = ""
      const write = (part: string) => {
        text += part
      }
      const progress = makeProgress({ isTTY: true, columns: 80, rows: 4, write }, {})
      progress.show(["one", "two", "three", "four", "five"].join("\n"))
      vi.advanceTimersByTime(400)
      expect(text).toMatch(/one\n. two\n. three$/)
      progress.stop()
      const wiped = "\r\u001b[2K"
      expect(text.endsWith(`three${wiped}${`\u001b[1A${wiped}`.repeat(2)}`)).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe("execlog sync on a terminal", () => {
  it("shows a line for each connection, and clears them on Ctrl-C", async () => {
    const scene = await startScene({ dify: 430 })
    const stalled = new Promise<void>((resolve) => {
      const seen = new Map<string, number>()
      scene.simulator.intercept(({ provider }) => {
        const times = (seen.get(provider) ?? 0) + 1
        seen.set(provider, times)
        if (times <= (provider === "dify" ? 2 : 0)) return undefined
        if ([...seen.values()].reduce((sum, one) => sum + one, 0) === 6) resolve()
        return new Promise(() => {})
      })
    })
    const child = startOnTerminal(["sync"], 120, scene.surroundings)
    const outcome = ended(child)
    await stalled
    await shown(
      child,
      /. support-bot \(dify\): 199 executions, [\d,]+\/s, back to 2026-11-21 \d\d:\d\d:\d\dZ, 231 remain\r\n. production \(alloy\): reading\r\n. warehouse \(prefect\): reading\r\n. editor \(n8n\): reading/,
    )
    child.stdin?.write("\u0003")
    const { code, stdout } = await outcome
    await scene.simulator.stop()
    expect(code).toBe(130)
    const left = stdout.slice(stdout.lastIndexOf("editor (n8n): reading"))
    expect(left).toContain(`\r\u001b[2K${"\u001b[1A\r\u001b[2K".repeat(3)}support-bot (dify)`)
    expect(left).toMatch(/stopped\S* {2}199 new, in /)
    expect(stdout).not.toContain("\u001b[?")
  })
})
