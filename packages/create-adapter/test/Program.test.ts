import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { executions } from "./Samples.js"

const bin = fileURLToPath(new URL("../bin/create-execlog-adapter.js", import.meta.url))

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "create-execlog-adapter-"))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const ended = async (child: ChildProcess) => {
  const said = { stdout: "", stderr: "" }
  child.stdout?.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr?.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
  return { code, ...said }
}

/** Runs the program without a terminal. */
const create = (...args: ReadonlyArray<string>) =>
  ended(
    spawn(process.execPath, [bin, ...args], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] }),
  )

/** Runs the program on a terminal, where each answer is typed when its question is shown. */
const converse = (answers: ReadonlyArray<readonly [question: string, answer: string]>) => {
  const child = spawn(
    "sh",
    ["-c", 'exec script -qfec "$0" /dev/null', `"${process.execPath}" "${bin}"`],
    {
      cwd: directory,
      stdio: ["pipe", "pipe", "pipe"],
    },
  )
  const left = [...answers]
  let shown = ""
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString()
    const [next] = left
    if (next === undefined || !shown.includes(next[0])) return
    left.shift()
    shown = ""
    child.stdin.write(`${next[1]}\r`)
  })
  return ended(child)
}

const required = ["--base-url", "https://api.acme.example/v2", "--auth", "bearer"]
const sampleOf = (envelope: object): string => {
  writeFileSync(join(directory, "sample.json"), JSON.stringify(envelope))
  return "sample.json"
}

describe("without a terminal", () => {
  it("names all missing arguments at once, and writes nothing", async () => {
    const { code, stderr } = await create("--auth", "bearer")
    expect(code).toBe(2)
    expect(stderr).toContain("Missing: the name of the provider, --base-url, --paging or --sample.")
    expect(readdirSync(directory)).toEqual([])
  })

  it("prints the pagination that it inferred, and why", async () => {
    const sample = sampleOf({ data: executions, next_cursor: "b2Zmc2V0" })
    const { code, stdout, stderr } = await create("acme", ...required, "--sample", sample)
    expect(code).toBe(0)
    expect(stderr).toContain("2 executions found in the sample at data.")
    expect(stderr).toContain(
      "Paging: cursor (a cursor in each page), because the sample contains next_cursor.",
    )
    expect(stdout).toContain("cd execlog-adapter-acme\n  npm install\n  npm test")
  })

  it("requires --paging when the sample does not show the style", async () => {
    const { code, stderr } = await create("acme", ...required, "--sample", sampleOf(executions))
    expect(code).toBe(2)
    expect(stderr).toContain(
      "the sample is a bare list. Set --paging to one of: pageNumber (numbered pages), offset (offsets)",
    )
    expect(stderr).toContain("linkHeader (the Link header, which curl -i shows)")
    expect(readdirSync(directory)).toEqual(["sample.json"])
  })

  it("does not write into a folder that is not empty", async () => {
    sampleOf(executions)
    const { code, stderr } = await create("acme", ...required, "--paging", "single", "--out", ".")
    expect(code).toBe(2)
    expect(stderr).toContain("is not empty")
    expect(readdirSync(directory)).toEqual(["sample.json"])
  })

  it.each([
    [["Acme"], '"Acme" is not a valid provider name'],
    [["acme", "--auth", "digest"], "Use bearer, basic, none, or header:NAME"],
    [["acme", "--base-url", "api.acme.example"], "is not a valid base URL"],
    [["acme", "--title", "*/ oops"], "--title"],
    [["acme", "--path", "runs"], "--path"],
    [["acme", "--method", "PUT"], '--method "PUT" is not known'],
    [["acme", "--get-path", "/runs"], "/executions/{id}"],
    [["acme", "--sample", "missing.json"], "missing.json cannot be read"],
    [["acme", "--pagination", "offset"], "unknown option '--pagination'"],
  ])("rejects %j and says why", async (args, complaint) => {
    const { code, stderr } = await create(...required, "--paging", "offset", ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(complaint)
    expect(readdirSync(directory)).toEqual([])
  })
})

it("writes the given names", async () => {
  await create(
    "execlog-adapter-my-provider",
    ...required,
    "--paging",
    "offset",
    "--title",
    "My Own",
  )
  const file = (path: string) =>
    readFileSync(join(directory, "execlog-adapter-my-provider", path), "utf8")
  expect(JSON.parse(file("package.json"))).toMatchObject({
    name: "execlog-adapter-my-provider",
    keywords: ["execlog", "execlog-adapter"],
  })
  expect(file("src/index.ts")).toContain("export default myProvider")
  expect(file("src/index.ts")).toContain('title: "My Own"')
  expect(file("src/index.ts")).toContain("No sample was given")
})

describe("on a terminal", () => {
  it("prompts for missing answers, and again for invalid ones", async () => {
    const sample = sampleOf({ data: executions })
    const { code, stdout } = await converse([
      ["Provider name", "Acme!"],
      ["not a valid provider name", "acme"],
      ["Base URL", "https://api.acme.example/v2"],
      ["Authentication", "header:x-acme-key"],
      ["sample list response", sample],
      ["Pagination (", "last-item"],
    ])
    expect(stdout).toContain("Created execlog-adapter-acme in execlog-adapter-acme")
    expect(code).toBe(0)
    const source = readFileSync(join(directory, "execlog-adapter-acme/src/index.ts"), "utf8")
    expect(source).toContain('Auth.header("x-acme-key", config.apiKey)')
    expect(source).toContain('Pagination.lastItem({ after: "starting_after", size: "limit" })')
  })

  it.each([
    ["Ctrl-D", "\u0004"],
    ["Ctrl-C", "\u0003"],
  ])("writes nothing when %s ends the prompts", async (_, key) => {
    const { code, stdout } = await converse([
      ["Provider name", "acme"],
      ["Base URL", key],
    ])
    expect(stdout).toContain("Nothing was written")
    expect(code).toBe(2)
    expect(readdirSync(directory)).toEqual([])
  })
})
