import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { holdsKey } from "./key-marks.mjs"

const cwd = join(import.meta.dirname, "../..")
const filesOf = (patterns) =>
  globSync(patterns, { cwd, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) }).map(
    (path) => ({ path, text: readFileSync(join(cwd, path), "utf8") }),
  )

const key = 'canary-"/+=%'

describe("holdsKey", () => {
  it.each([
    ["in plain text", key],
    ["in a URL", encodeURIComponent(key)],
    ["in JSON", JSON.stringify({ key })],
    ["in base64", btoa(key)],
    ["in base64 behind one byte", btoa(`:${key}`)],
    ["in base64 behind two", btoa(`u:${key}`)],
    ["in base64 behind a name", btoa(`user:${key}`)],
    ["when it is the simulator's", "app-simulator-key"],
    ["when it is the simulator's, in base64", btoa("user:alloy-simulator-key")],
  ])("finds a key %s", (_, form) => {
    expect(holdsKey(`before ${form} after`)).toBe(true)
  })

  it("finds no key in similar text", () => {
    expect(holdsKey("a can of ary, the simulator and its key, Y2FuYXI=")).toBe(false)
  })
})

describe("keys in tests", () => {
  const literal = /(?:apiKey|_KEY|\bKEY)["']?\s*[:=]\s*(["'])([^"'\s$]{4,})\1/g
  const files = filesOf(["packages/*/test/**/*.ts", "packages/adapters/*/test/**/*.ts"])

  it("finds the word canary in every key of a test the word canary", () => {
    const literals = files.flatMap(({ path, text }) =>
      [...text.matchAll(literal)].map(([, , value]) => ({ path, value })),
    )
    expect(literals.length).toBeGreaterThan(20)
    expect(literals.filter(({ value = "" }) => !holdsKey(value))).toEqual([])
  })
})

describe("fixtures, recordings and snapshots", () => {
  const files = filesOf([
    "fixtures/**/*.json",
    "packages/**/__snapshots__/*.*",
    "packages/**/test/**/*.json",
  ])
  /** Keys as Dify writes them, JSON Web Tokens, keys with a common prefix. */
  const keys = [
    /\b(?:app|dataset)-[A-Za-z0-9]{16,}/,
    /\beyJ[\w-]{10,}\.eyJ/,
    /\b(?:sk|pk|ghp|xox[abp])[-_][A-Za-z0-9]{16,}/,
  ]
  const header =
    /"([\w-]*(?:authorization|cookie|api[-_]?key|secret|token)[\w-]*)"\s*[:,]\s*"([^"]*)"/gi

  it("finds no key in fixtures, recordings and snapshots", () => {
    expect(files.length).toBeGreaterThan(100)
    const holding = files.filter(
      ({ text }) => holdsKey(text) || keys.some((pattern) => pattern.test(text)),
    )
    expect(holding.map(({ path }) => path)).toEqual([])
  })

  it("finds REDACTED in every authorization header of fixtures", () => {
    const headers = files.flatMap(({ path, text }) =>
      [...text.matchAll(header)].map(([, name, value]) => ({ path, name, value })),
    )
    expect(headers.length).toBeGreaterThan(50)
    expect(headers.filter(({ value }) => !/^(\w+ )?REDACTED$/.test(value ?? ""))).toEqual([])
  })
})
