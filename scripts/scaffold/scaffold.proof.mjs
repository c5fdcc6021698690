// An adapter by somebody else, from nothing to a green suite, outside of this repository and with
// nothing of ours but the packed packages. What is not ours comes from the registry that npm knows.

import { execFile } from "node:child_process"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify, stripVTControlCharacters } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startAcme } from "./acme-server.mjs"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")
const apiKey = "canary-acme-key"

let acme
let place
let folder

/** Nothing of this run's own: a test runner inside of a test runner must not know of the outer one. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CI|TEST|VITEST.*|NODE_ENV|NODE_OPTIONS)$/.test(name),
    ),
  )

/** Runs a program; `code` is how it ended. */
const run = (command, args, cwd, more = {}) =>
  exec(command, args, { cwd, env: { ...environment(), ...more }, maxBuffer: 1e8 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

/** Runs a program that must not fail. */
const succeed = async (command, args, cwd, more) => {
  const { code, stdout, stderr } = await run(command, args, cwd, more)
  expect(code, `${command} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

const npmInstall = ["install", "--prefer-offline", "--no-audit", "--no-fund"]

/** Runs `npm test` in the written package: what failed, each with what it says. */
const failures = async () => {
  const report = join(place, "report.json")
  const { code, stdout, stderr } = await run(
    "npm",
    ["test", "--", "--reporter=json", `--outputFile=${report}`],
    folder,
  )
  const text = await readFile(report, "utf8").catch(() => {
    throw new Error(`npm test wrote no report:\n${stdout}${stderr}`)
  })
  await rm(report)
  const { testResults, numTotalTests } = JSON.parse(text)
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ title, failureMessages }) => [title, failureMessages.join("\n")])
  return { code, total: numTotalTests, failed: Object.fromEntries(failed) }
}

beforeAll(async () => {
  acme = await startAcme()
  place = await mkdtemp(join(tmpdir(), "execlog-scaffold-"))
  const listed = await succeed("pnpm", ["list", "--recursive", "--depth=-1", "--json"], root)
  const published = JSON.parse(listed).filter((entry) => !entry.private)
  await Promise.all(
    published.map(({ name, path }) => succeed("pnpm", ["pack", "--out", tarball(name)], path)),
  )
  await writeFile(join(place, "package.json"), "{}")
  await succeed("npm", [...npmInstall, tarball("create-execlog-adapter")], place)
  const headers = { "x-acme-key": apiKey }
  for (const [name, path] of Object.entries({ list: "runs?per_page=3", one: "runs/9006" })) {
    const response = await fetch(`${acme.url}/${path}`, { headers })
    const text = await response.text()
    const sample = text.replaceAll(acme.url, "https://api.acme.example/v2")
    await writeFile(join(place, `${name}.json`), sample)
  }
}, 120_000)

const tarball = (name) => join(place, `${name.replace("/", "-")}.tgz`)

afterAll(async () => {
  await acme?.stop()
  if (place !== undefined) await rm(place, { recursive: true, force: true })
})

it("turns a sample response into an adapter that passes the contract suite", async () => {
  await succeed(join(place, "node_modules/.bin/create-execlog-adapter"), flags.split(" "), place)
  folder = join(place, "execlog-adapter-acme")
  const ours = [
    "@execlog/core",
    "@execlog/contract-tests",
    "@execlog/server",
    "@execlog/store",
    "execlog",
  ]
  await succeed("npm", [...npmInstall, "--save-dev", ...ours.map(tarball)], folder)
  await succeed("npm", ["run", "typecheck"], folder)

  const before = await failures()
  expect(before.code).not.toBe(0)
  expect(Object.keys(before.failed).toSorted()).toEqual(
    [
      "has nothing left to do",
      "has a fixture for each endpoint, and one of a walk over several pages",
      ...Object.keys(settled).map((where) => `to do: ${where}`),
    ].toSorted(),
  )
  expect(before.failed["to do: statuses.ZONKED"]).toContain('Map "ZONKED" to')
  expect(before.failed["to do: list.maxPageSize"]).toContain("largest page size that Acme accepts")

  const left = new Map(Object.entries(settled))
  for (const name of ["index", "execution"]) {
    const source = join(folder, `src/${name}.ts`)
    const draft = await readFile(source, "utf8")
    const here = [...left].filter(([where]) => todoAt(draft, where) > -1)
    const finished = here.reduce(settle, draft)
    await writeFile(source, finished.replace('import { todo } from "./todo.js"\n', ""))
    for (const [where] of here) left.delete(where)
  }
  expect([...left.keys()]).toEqual([])
  await rm(join(folder, "src/todo.ts"))
  await rm(join(folder, "test/Todo.test.ts"))
  await succeed("npm", ["run", "build"], folder)
  const execlog = join(folder, "node_modules/.bin/execlog")
  const at = ["--provider", "acme", "--set", `baseUrl=${acme.url}`]
  const key = { ACME_API_KEY: apiKey }
  const samples = await readdir(join(folder, "fixtures"))
  await succeed(execlog, ["record", ...at, "--out", "fixtures"], folder, key)
  for (const sample of samples) await rm(join(folder, "fixtures", sample))

  const after = await failures()
  expect(after.failed).toEqual({})
  expect(after.code).toBe(0)
  expect(after.total).toBeGreaterThan(before.total)

  expect(await readdir(join(folder, "dist"))).not.toContain("todo.js")

  const unset = await run("npm", ["run", "live"], folder, { ACME_API_KEY: "" })
  expect(unset.code).not.toBe(0)
  expect(unset.stdout + unset.stderr).toContain("ACME_API_KEY is missing")
  const live = await succeed("npm", ["run", "live"], folder, { ...key, ACME_BASE_URL: acme.url })
  expect(stripVTControlCharacters(live)).toMatch(/Tests +\d+ passed \(\d+\)/)

  const list = await succeed(execlog, ["list", ...at, "--status", "failed"], folder, key)
  const executions = list
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(executions.map(({ id }) => id)).toEqual(["9021", "9016", "9011", "9006", "9001"])
  expect(executions[0]).toMatchObject({
    provider: "acme",
    status: "failed",
    providerStatus: "ZONKED",
    workflow: { id: "flow-0", name: "Flow 0" },
    durationMs: 2000,
    error: { message: "The step Ship zonked.", type: "E_ZONK" },
    trigger: { kind: "webhook", providerKind: "webhook" },
    retryOf: "9016",
    attributes: { cost: 5.25 },
  })
}, 180_000)

const flags =
  "acme --base-url https://api.acme.example/v2 --auth header:x-acme-key " +
  "--sample list.json --sample-get one.json --path /runs --get-path /runs/{id}"

it("follows the steps of the documentation", async () => {
  const words = (text) => text.replaceAll(/\s+/g, " ")
  const page = words(await readFile(join(root, "docs/adding-a-provider.md"), "utf8"))
  expect(page).toContain(`npm create execlog-adapter ${flags.replace(" ", " -- ")}`)
  for (const [where, value] of Object.entries(settled)) {
    if (where !== "statuses.ZONKED") expect(page).toContain(words(value))
  }
})

/** The author's solution of each open question. */
const settled = {
  "statuses.ZONKED": '"failed"',
  statuses: '{ SUCCESS: "succeeded", ZONKED: "failed", RUNNING: "running" }',
  "list.pagination": 'Pagination.nextUrl({ size: "per_page", keyset: true })',
  "list.maxPageSize": "50",
  "list.time": `"pages",
      delay: () => 0,
      before: (to) => ({ to: Wire.isoText(to) }),
      after: (from) => ({ from: Wire.isoText(from) })`,
  "list.filters.workflowId": 'Filter.param("flow")',
  "list.filters.actorId": 'Filter.unsupported("its log does not say who started an execution.")',
  "list.filters.status": `Filter.words(["SUCCESS", "ZONKED", "RUNNING"], (words) => ({
        state: words.join(","),
      }))`,
  "list.filters.search": 'Filter.unsupported("it has no search.")',
  // Acme's error responses have it where core reads it.
  problem: "",
}

/** Where the `todo(…)` of something begins; -1 if a source has none. */
const todoAt = (source, where) =>
  source.search(new RegExp(`todo\\(\\s*"${where.replaceAll(".", "\\.")}"`))

/** Puts a value in the place of a `todo(…)`. */
const settle = (source, [where, value]) => {
  const begin = todoAt(source, where)
  let depth = 0
  let quote = ""
  for (let at = begin; at < source.length; at++) {
    const character = source[at]
    if (quote !== "") {
      if (character === "\\") at++
      else if (character === quote) quote = ""
    } else if (character === '"' || character === "'") quote = character
    else if (character === "(") depth++
    else if (character === ")" && --depth === 0) {
      return source.slice(0, begin) + value + source.slice(at + 1)
    }
  }
  throw new Error(`${where} has no end`)
}
