// Every block of code that users are shown is held to the packages as they are built: TypeScript is
// compiled as a reader would, and run against made-up providers; commands are read by the program, and
// configurations and fixtures by what reads them. Build first.

import { execFile } from "node:child_process"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { loadFixtures } from "@execlog/contract-tests"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { publishedPackages } from "../lib/published-packages.mjs"
import { commandLinesOf } from "./command-lines.mjs"
import { blocksOf, examples, examplesOf, pages } from "./documents.mjs"
import { makeCommandCheck } from "./program-check.mjs"
import { programsOf } from "./programs.mjs"
import { compile, makeReaderProject, resolutions } from "./reader-project.mjs"

const exec = promisify(execFile)
const documents = [...pages(), ...examples()]
const every = (language) =>
  documents.flatMap(({ path, blocks }) =>
    blocks
      .filter((block) => block.language === language)
      .map((block) => ({ ...block, place: `${path}:${block.line}` })),
  )

const providers = pathToFileURL(join(import.meta.dirname, "made-up-providers.mjs"))

let project
let folder

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "execlog-snippets-"))
  project = await makeReaderProject(folder)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const compileAll = (resolution, what) =>
  compile(
    project,
    resolution,
    what
      .map((document) => [document, programsOf(document, project.exported)])
      .filter(([, programs]) => programs.length > 0),
  )

const fenced = (language, ...lines) => ["```" + language, ...lines, "```", ""].join("\n")

it("knows the language of every block", () => {
  const languages = new Set(
    documents.flatMap(({ blocks }) => blocks.map((block) => block.language)),
  )
  expect([...languages].toSorted()).toEqual(expect.arrayContaining(["json", "sh", "ts"]))
  for (const language of languages)
    expect(["ts", "sh", "json", "sql", "text", ""]).toContain(language)
})

describe("TypeScript", () => {
  it.each(Object.keys(resolutions))(
    "compiles the TypeScript of every page and docstring under %s",
    async (resolution) => {
      expect(every("ts").length).toBeGreaterThan(40)
      expect(await compileAll(resolution, documents)).toEqual([])
    },
    60_000,
  )

  it("reports the page and line of a block that does not compile", async () => {
    const client = fenced("ts", 'import { createClient } from "@execlog/core"', "createClient(1)")
    const again = fenced("ts", "const createClient = 1", "createClient.toFixed()", "other()")
    const file = fenced("ts", "// src/more.ts", 'import { acme, beta } from "./index.js"', "acme")
    const names = fenced(
      "ts",
      "import {",
      "  redactPaths,",
      "  redactAll,",
      '} from "@execlog/core"',
    )
    const page = `# A page\n\n${client}\n${again}\n${file}\n${names}`
    const source = "/**\n * Says.\n *\n * @example\n * redactPaths(1)\n * nobody()\n */\n"
    const lineOf = (code) => page.slice(0, page.indexOf(code)).split("\n").length
    const found = await compileAll("nodenext", [
      { path: "page.md", text: page, blocks: blocksOf(page), isPage: true },
      { path: "source.ts", text: source, blocks: examplesOf(source), isPage: false },
    ])
    expect(found.map((line) => line.replace(/ error.*/, "")).toSorted()).toEqual(
      [
        ...["createClient(1)", "other()", "acme, beta", "redactAll"].map(
          (code) => `page.md:${lineOf(code)}`,
        ),
        "source.ts:5",
        "source.ts:6",
      ].toSorted(),
    )
  }, 60_000)

  // Those of the guide are run with their output; following does not end.
  const runnable = pages()
    .filter(({ path }) => !path.startsWith("docs/guide/"))
    .flatMap(({ blocks, ...page }) => {
      const ending = blocks.filter(({ text }) => !text.includes(".follow("))
      return programsOf({ ...page, blocks: ending }, new Map())
        .filter(({ file }) => file === "page.ts")
        .map(({ code }) => ({ path: page.path, code }))
    })

  it.concurrent.each(runnable)(
    "runs the program of $path",
    async ({ code }) => {
      const place = await mkdtemp(join(folder, "run-"))
      await writeFile(join(place, "page.ts"), code)
      await cp(join(folder, "acme/fixtures"), join(place, "fixtures"), { recursive: true })
      // nock, by which the contract suite replays, goes by the fetch that it finds.
      const asks = !code.includes('"@execlog/contract-tests"')
      const node = [...(asks ? ["--import", providers.href] : []), "page.ts"]
      const { stderr } = await exec(process.execPath, node, { cwd: place, timeout: 50_000 })
      expect(stderr).toBe("")
    },
    60_000,
  )
})

describe("commands", () => {
  const check = async () => makeCommandCheck(await publishedPackages(), join(folder, "acme"))

  it("finds every command in the program, package.json or the packages", async () => {
    const wrong = await check()
    const commands = every("sh").flatMap((block) =>
      commandLinesOf(block).map((found) => ({ ...found, place: block.place.replace(/\d+$/, "") })),
    )
    expect(commands.filter(({ words }) => words.includes("execlog")).length).toBeGreaterThan(15)
    const faults = await Promise.all(
      commands.map(async ({ place, line, words }) => [`${place}${line}`, await wrong(words)]),
    )
    expect(faults.filter(([, fault]) => fault !== null)).toEqual([])
  })

  it.each([
    ["npx execlog list --statos failed", /execlog list has no flag --statos/],
    ["A_KEY=… execlog lists # all", /There is no command "lists"/],
    ["execlog get", /execlog get needs <id>/],
    ["npm run demos", /no script demos/],
    ["npm install execlog @execlog/zapier", /no package @execlog\/zapier/],
  ])("rejects the command %s", async (text, fault) => {
    const wrong = await check()
    const [command] = commandLinesOf({ line: 1, language: "sh", text: `${text}\n` })
    expect(await wrong(command?.words ?? [])).toMatch(fault)
  })

  it("splits commands as a shell does", () => {
    const text = "K=1 a --b 'c d' \\\n  e\"f\" # g\nh | i && j > k\n"
    expect(commandLinesOf({ line: 5, language: "sh", text }).map(({ words }) => words)).toEqual([
      ["a", "--b", "c d", "ef"],
      ["h"],
      ["i"],
      ["j"],
      ["k"],
    ])
  })
})

describe("JSON", () => {
  const read = async ({ text }) => {
    const value = JSON.parse(text)
    const held = await mkdtemp(join(folder, "json-"))
    await writeFile(join(held, "execlog.json"), text)
    if ("provenance" in value) return loadFixtures(new URL(`${pathToFileURL(held).href}/`))
    if (!("connections" in value)) return null
    const cli = (await publishedPackages()).find(({ name }) => name === "execlog")
    const { readConfig } = await import(
      pathToFileURL(join(String(cli?.path), "dist/connections/Config.js")).href
    )
    return readConfig(undefined, held)
  }

  it.each(every("json").map((block) => [block.place, block]))("reads the JSON at %s", (_, block) =>
    expect(read(block)).resolves.toBeDefined(),
  )

  it.each([
    ["is malformed", '{ "connections": {}, }', /JSON/],
    [
      "has an unknown key",
      '{ "connections": { "a": { "provider": "dify", "key": 1 } } }',
      /unknown key/,
    ],
    ["is a fixture without a query", '{ "provenance": {}, "exchanges": [] }', /./],
  ])("rejects JSON that %s", async (_, text, fault) => {
    await expect(read({ text })).rejects.toThrow(fault)
  })
})
