import { expect, it } from "vitest"
import { makeRoundNotices } from "../src/session/RoundNotices.js"
import type { Notices } from "../src/session/Notices.js"

it("prints a connection's warning once while it lasts, and again when it returns", () => {
  const told: Array<string> = []
  const tell = (text: string) => void told.push(text)
  const nothing = () => {}
  const notices: Notices = {
    progress: { show: nothing, clear: nothing, stop: nothing },
    say: tell,
    warn: tell,
    tell,
    fail: tell,
  }
  const { beginRound, warn } = makeRoundNotices("bot (dify)", notices)
  const rounds = [["slow", "slow"], ["slow", "old"], ["old"], ["slow"]]
  const toldIn = rounds.map((warnings) => {
    beginRound()
    for (const warning of warnings) warn(warning)
    return told.splice(0)
  })
  expect(toldIn).toEqual([["bot (dify): slow"], ["bot (dify): old"], [], ["bot (dify): slow"]])
})
