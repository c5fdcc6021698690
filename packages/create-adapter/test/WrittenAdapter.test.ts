import { mkdtemp, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import {
  type AdapterUnderTest,
  fixtureChecks,
  loadFixtures,
  makeSubject,
} from "@execlog/contract-tests"
import { Pagination } from "@execlog/core/adapter"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { AdapterDraft } from "../src/draft/AdapterDraft.js"
import { adapterSource } from "../src/files/AdapterSource.js"
import { executionFile } from "../src/files/ExecutionFile.js"
import { writeFiles } from "../src/files/Folder.js"
import { openQuestions } from "../src/files/OpenQuestions.js"
import { packageFiles } from "../src/files/PackageFiles.js"
import { ownManifest, versionsOf } from "../src/files/Versions.js"
import { wireFile } from "../src/files/WireFile.js"
import { pagingStyles } from "../src/sample/PagingStyle.js"
import type { Json } from "../src/shared/Json.js"
import { draftOf } from "./Drafts.js"
import { executions, executionWith } from "./Samples.js"

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
let place: string

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "create-execlog-adapter-"))
  // The written files find core and effect as this package does.
  await symlink(modules, join(place, "node_modules"))
})
afterAll(() => rm(place, { recursive: true, force: true }))

/** Writes a package, and returns the checks that its adapter violates on its own sample. */
const broken = async (
  name: string,
  draft: AdapterDraft,
  list: Json,
  get: Json | null = null,
): Promise<ReadonlyArray<string>> => {
  const folder = join(place, name)
  const samples = { list, get, items: undefined }
  const files = { list: "list.json", get: "get.json" }
  await writeFiles(folder, packageFiles(draft, samples, files, versionsOf(ownManifest())))
  const loaded: { readonly default: AdapterUnderTest } = await import(
    pathToFileURL(join(folder, "src/index.ts")).href
  )
  const fixtures = pathToFileURL(join(folder, "fixtures/"))
  const zoneless = draft.item.times.has("zoneless") ? ({ zoneless: true } as const) : {}
  const options = { adapter: loaded.default, fixtures, ...zoneless }
  const subject = makeSubject(options, await loadFixtures(fixtures))
  const complaints: Array<string> = []
  for (const fixture of subject.fixtures) {
    for (const check of Object.values(fixtureChecks)) {
      if (!check.appliesTo(subject, fixture)) continue
      await check.run(subject, fixture).catch((error: unknown) => complaints.push(String(error)))
    }
  }
  return complaints
}

const styles = Object.entries(Pagination)
  .filter(([, value]) => typeof value === "function")
  .map(([name]) => name)

it("offers only paging styles that core has", () => {
  for (const { name } of pagingStyles) expect(styles).toContain(name)
})

it.each(pagingStyles.map(({ name }) => name))(
  "writes an adapter that passes the contract on its samples, paged by %s",
  async (paging) => {
    const list = { data: executions, links: { next: null }, has_more: false, total: 2 }
    const get = { ...Object(executions[1]), input: { a: 1 }, output: null }
    expect(await broken(paging, draftOf(list, { paging, get }), list, get)).toEqual([])
  },
)

it.each(["offset", "cursor"])(
  "writes an adapter that sends the %s in the body of a POST",
  async (paging) => {
    const list = { data: executions, total: 2, nextCursor: null }
    const draft = draftOf(list, { paging, listMethod: "POST" })
    expect(adapterSource(draft)).toContain('route: "POST /runs"')
    expect(await broken(`post-${paging}`, draft, list)).toEqual([])
  },
)

it.each<[string, ReadonlyArray<Json>]>([
  ["epoch-seconds", [{ id: 1, created_at: 1763600000, ended_at: null }]],
  ["epoch-milliseconds", [{ uuid: "a", startTime: 1763600000123, state: "done" }]],
  ["zoneless", [{ id: "a", startTime: "2026-11-20T10:00:00", endTime: null, status: null }]],
  ["wrapped", [{ id: "a", created_at: 1763600000, run: { status: "failed", error: "no" } }]],
  ["like-others", [executionWith({ flow: { id: "f", tags: [] }, flow_tags: "a", id_: 1 })]],
  ["odd-names", [executionWith({ "a b": { "c-d": [1] }, class: true, url: "https://a.example" })]],
])("writes an adapter that passes the contract on items that are %s", async (name, data) => {
  expect(await broken(name, draftOf({ data }), { data })).toEqual([])
})

it("writes an adapter for a bare list without a key", async () => {
  const draft = draftOf(executions, { auth: { by: "none" } })
  expect(await broken("bare", draft, executions)).toEqual([])
})

it("writes an adapter that sends a user name and password", async () => {
  const draft = draftOf(executions, { auth: { by: "basic" } })
  expect(adapterSource(draft)).toContain("auth: (config) => Auth.basic(config.apiKey)")
  expect(adapterSource(draft)).toContain("as user:password")
  expect(await broken("basic", draft, executions)).toEqual([])
})

it("derives the order of the list without the sample of get", () => {
  const data = [2, 1].map((id) => executionWith({ id: `${id}`, created: 1763600000 + id }))
  const get = executionWith({ id: "9", created: 1763600009 })
  expect(draftOf({ data }, { get }).item.listing?.order).toBe("newest")
})

it("writes the declaration, the mapping and the schemas into a file each", () => {
  const draft = draftOf({ data: executions })
  const files = packageFiles(
    { ...draft, choices: { ...draft.choices, id: "execution" } },
    { list: null, get: null, items: undefined },
    { list: undefined, get: undefined },
    versionsOf(ownManifest()),
  )
  expect([...files.keys()].filter((name) => name.startsWith("src/")).toSorted()).toEqual([
    "src/execution.ts",
    "src/index.ts",
    "src/todo.ts",
    "src/wire.ts",
  ])
  expect(files.get("src/index.ts")).toContain("Adapter.make({")
  expect(files.get("src/index.ts")).toContain("export default acme")
  expect(files.get("src/execution.ts")).toContain("export const statuses: Statuses = todo(")
})

it("writes a get that has another shape than the list", async () => {
  const list = { data: [{ id: "a", created_at: 1763600000, status: "failed" }] }
  const get = { execution: { id: "a", state: "failed", startTime: "2026-11-20T10:00:00Z" } }
  expect(await broken("own-get", draftOf(list, { get }), list, get)).toEqual([])
})

it.each<[string, Json]>([
  ["alone", {}],
  ["with a payload", { input: { a: 1 } }],
  ["with a time of its own", { startedAt: 1763600000 }],
])("unwraps the execution in the response of get, %s", async (name, more) => {
  const list = { jobs: executions }
  const get = { job: { ...Object(executions[1]), ...Object(more) } }
  const draft = draftOf(list, { get })
  expect(wireFile(draft)).toMatch(/Detail = Schema\.Struct\(\{\n {2}job: /)
  expect(executionFile(draft)).toContain("fromGet = ({ job: detail }: Detail): MappedExecution =>")
  expect(await broken(`wrapped-get-${name.replaceAll(" ", "-")}`, draft, list, get)).toEqual([])
})

it("writes an adapter that passes the contract on names that end in Ref and _ms", async () => {
  const job = (place: number, more: object) => ({
    jobRef: `rj_${place}`,
    state: "DONE",
    enqueued_ms: 1763600000000 - place,
    started_ms: 1763600001500,
    ended_ms: 1763600002500,
    ...more,
  })
  const list = { jobs: [job(0, { started_ms: null, ended_ms: null }), job(1, {}), job(2, {})] }
  const get = { job: job(1, { stages: [{ ref: "st_1", started_ms: 1763600001800 }] }) }
  const draft = draftOf(list, { get })
  expect(await broken("refs", draft, list, get)).toEqual([])
  expect(openQuestions(draft).map(({ where }) => where)).toEqual(["error", "get.gives", "problem"])
})

it("asks about fields beside the execution in the response of get", () => {
  const get = { job: executions[1] ?? null, stages: [] }
  expect(adapterSource(draftOf({ jobs: executions }, { get }))).toContain(
    "The response of get contains stages beside job",
  )
})

it("takes the response of get as the execution when more fields are outside the inner object", () => {
  const get = { id: "1", status: "failed", flow: { id: "f" } }
  expect(wireFile(draftOf([executionWith({ flow: { id: "f" } })], { get }))).toContain(
    "Detail = Wire.item(\n  {\n    id: Wire.id,",
  )
})

it("writes no fixture of get when the sample has no id, and asks for it", () => {
  const [list, get] = [{ data: executions }, { State: "SUCCESS" }]
  const draft = draftOf(list, { get })
  const samples = { list, get, items: undefined }
  const files = { list: "list.json", get: "get.json" }
  const written = packageFiles(draft, samples, files, versionsOf(ownManifest()))
  expect([...written.keys()]).not.toContain("fixtures/documented-get.json")
  expect(adapterSource(draft)).toContain('todo(\n  "get.fixture"')
})
