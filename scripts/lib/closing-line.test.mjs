import { afterEach, beforeEach, expect, it, vi } from "vitest"
import ClosingLine from "./closing-line.mjs"

const file = (states, ok = !states.includes("failed")) => ({
  ok: () => ok,
  children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
})

const run = (files, errors = []) => {
  const line = vi.spyOn(console, "log").mockReturnValue(undefined)
  new ClosingLine().onTestRunEnd(files, errors)
  return line.mock.lastCall?.[0]
}

let exitCode
beforeEach(() => {
  exitCode = process.exitCode
  vi.stubEnv("CI", "")
  vi.spyOn(console, "error").mockReturnValue(undefined)
})
afterEach(() => {
  process.exitCode = exitCode
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it("adds up the tests of all files", () => {
  expect(run([file(["passed", "passed"]), file(["failed", "passed"])])).toBe("3 passed, 1 failed")
})

it("counts skipped tests only when there are some", () => {
  expect(run([file(["passed", "skipped", "pending"])])).toBe("1 passed, 0 failed, 2 skipped")
  expect(process.exitCode).toBe(exitCode)
})

it("counts a file that failed outside its tests, and an error outside every file", () => {
  expect(run([file([], false), file(["passed"], false)], [new Error("late")])).toBe(
    "1 passed, 3 failed",
  )
})

it("fails a run with skipped tests when CI is set", () => {
  vi.stubEnv("CI", "true")
  run([file(["passed", "skipped"])])
  expect(process.exitCode).toBe(1)
})
