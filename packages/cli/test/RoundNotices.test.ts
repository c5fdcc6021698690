import { expect, it } from "vitest"
import type { Notices } from "../src/session/Notices.js"
import { makeRoundNotices } from "../src/session/RoundNotices.js"

it("prints a connection's warning once while it lasts, and again when it returns", () => {
  const printed: Array<string> = []
  const print = (text: string) => void printed.push(text)
  const nothing = () => {}
  const notices: Notices = {
    progress: { show: nothing, clear: nothing, stop: nothing },
    print,
    warn: print,
    info: print,
    error: print,
  }
  const { beginRound, warn } = makeRoundNotices("bot (dify)", notices)
  const rounds = [["slow", "slow"], ["slow", "old"], ["old"], ["slow"]]
  const printedIn = rounds.map((warnings) => {
    beginRound()
    for (const warning of warnings) warn(warning)
    return printed.splice(0)
  })
  expect(printedIn).toEqual([["bot (dify): slow"], ["bot (dify): old"], [], ["bot (dify): slow"]])
})
