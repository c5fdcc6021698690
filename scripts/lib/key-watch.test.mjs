import { afterEach, beforeEach, expect, it, vi } from "vitest"
import KeyWatch from "./key-watch.mjs"

// Not written out, or this file's own errors would have the run fail.
const key = ["can", "ary-1"].join("")

const module = (fields = {}) => ({
  moduleId: "some.test.ts",
  errors: () => [],
  children: { allSuites: () => [], allTests: () => [] },
  ...fields,
})
const test = (error) => ({ fullName: "does it", result: () => ({ errors: [error] }) })
const suite = (error) => ({ fullName: "all of it", errors: () => [error] })

let said
const run = (watch, modules = [], errors = []) => {
  watch.onTestRunEnd(modules, errors)
  return said.mock.lastCall?.[0] ?? ""
}

let exitCode
beforeEach(() => {
  exitCode = process.exitCode
  said = vi.spyOn(console, "error").mockReturnValue(undefined)
})
afterEach(() => {
  process.exitCode = exitCode
  vi.restoreAllMocks()
})

it("passes a run in which no key shows", () => {
  const watch = new KeyWatch()
  watch.onUserConsoleLog({ content: "all is well", type: "stdout", taskId: "1" })
  const failed = test(new Error("it failed"))
  const children = { allSuites: () => [], allTests: () => [failed] }
  expect(run(watch, [module({ children })])).toBe("")
  expect(process.exitCode).toBe(exitCode)
})

it("fails a run in which a test prints a key, without printing it again", () => {
  const watch = new KeyWatch()
  watch.onUserConsoleLog({ content: `Bearer ${key}`, type: "stderr", taskId: "1" })
  const message = run(watch)
  expect(message).toContain("stderr of some test")
  expect(message.includes(key)).toBe(false)
  expect(process.exitCode).toBe(1)
})

it("fails a run in which a worker writes a key past the console, in several parts", () => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = () => true
  const watch = new KeyWatch()
  watch.onInit(undefined)
  for (const part of [key.slice(0, 3), key.slice(3)]) process.stdout.write(Buffer.from(part))
  process.stdout.write = write
  expect(run(watch)).toContain("written past the console")
  expect(process.exitCode).toBe(1)
})

const leak = new Error("it failed", { cause: { sent: { headers: [key] } } })
it.each([
  ["a test", [module({ children: { allSuites: () => [], allTests: () => [test(leak)] } })], []],
  ["a suite", [module({ children: { allSuites: () => [suite(leak)], allTests: () => [] } })], []],
  ["a file", [module({ errors: () => [leak] })], []],
  ["nobody", [], [leak]],
])("fails a run in which %s throws a key", (_, modules, errors) => {
  expect(run(new KeyWatch(), modules, errors)).toContain("the error of")
  expect(process.exitCode).toBe(1)
})
