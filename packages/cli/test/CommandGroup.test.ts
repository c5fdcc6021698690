import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, it } from "vitest"
import { startBoundToProgram } from "../src/commands/follow/CommandCall.js"

const listeners = () =>
  (["SIGHUP", "SIGQUIT", "exit"] as const).map((name) => process.listenerCount(name))

it("listens for signals before the command starts, and no more after it was called off", async () => {
  const before = listeners()
  let atStart = before
  const { leader, cancel } = startBoundToProgram(() => {
    atStart = listeners()
    return spawn(process.execPath, ["--version"], { stdio: "ignore" })
  })
  expect(atStart).toEqual(before.map((count) => count + 1))
  await once(leader, "exit")
  cancel()
  expect(listeners()).toEqual(before)
})

it("leaves no listener behind when the command cannot be started", () => {
  const before = listeners()
  const start = () => {
    throw new Error("no such thing")
  }
  expect(() => startBoundToProgram(start)).toThrow("no such thing")
  expect(listeners()).toEqual(before)
})
