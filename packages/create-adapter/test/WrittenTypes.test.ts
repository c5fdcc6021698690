import { execFile } from "node:child_process"
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { writeFiles } from "../src/files/Folder.js"
import { packageFiles } from "../src/files/PackageFiles.js"
import { ownManifest, versionsOf } from "../src/files/Versions.js"
import type { Json } from "../src/shared/Json.js"
import { draftOf } from "./Drafts.js"
import { executions, executionWith } from "./Samples.js"

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
const compiler = createRequire(import.meta.url).resolve("typescript/package.json")

/** The compiler's errors in the packages that are drafted from samples. */
const complaints = async (
  samples: ReadonlyMap<string, { readonly list: Json | null; readonly get: Json | null }>,
): Promise<string> => {
  const place = await mkdtemp(join(tmpdir(), "create-execlog-adapter-"))
  try {
    await symlink(modules, join(place, "node_modules"))
    for (const [name, { list, get }] of samples) {
      const files = packageFiles(
        draftOf(list, { get }),
        { list, get, items: undefined },
        { list: undefined, get: undefined },
        versionsOf(ownManifest()),
      )
      await writeFiles(join(place, name), files)
      await writeFile(join(place, "tsconfig.json"), files.get("tsconfig.json") ?? "")
    }
    const config = { extends: "./tsconfig.json", include: ["*/src", "*/test"] }
    await writeFile(join(place, "all.json"), JSON.stringify(config))
    const tsc = join(dirname(compiler), "bin/tsc")
    return await promisify(execFile)(process.execPath, [tsc, "-p", "all.json"], {
      cwd: place,
    }).then(
      ({ stdout }) => stdout,
      (error: { readonly stdout: string }) => error.stdout,
    )
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

// Names that stand for each part of an execution.
const names =
  "id status startedAt createdAt finishedAt workflowName workflowVersion pipeline error errorType " +
  "duration trigger retryOf parentId totalTokens totalSteps url inputs outputs jobRef"

const values: { readonly [kind: string]: Json } = {
  nothing: null,
  text: "a",
  number: 7,
  seconds: 1763600000,
  milliseconds: 1763600000123,
  time: "2026-11-20T10:00:00.5Z",
  zoneless: "2026-11-20 10:00:00",
  flag: true,
  list: [{ id: "a" }],
  object: { id: "a", name: "b", message: "c", code: null },
  empty: {},
}

it("writes code that type-checks, whatever the samples are", async () => {
  const filled = Object.entries(values).map(([kind, value]) => {
    const item = Object.fromEntries(names.split(" ").map((name) => [name, value]))
    return [`all-${kind}`, { list: { data: [item] }, get: item }] as const
  })
  const job = { jobRef: "a", state: "DONE", enqueued_ms: 1763600000123 }
  const samples = new Map<string, { readonly list: Json | null; readonly get: Json | null }>([
    ...filled,
    ["none", { list: null, get: null }],
    ["get-alone", { list: null, get: { job } }],
    ["no-id", { list: [{ state: "DONE" }], get: { job: { state: "DONE" } } }],
    ["no-id-in-get", { list: [executionWith({})], get: { status: "failed" } }],
    ["wrapped", { list: { jobs: [job] }, get: { job } }],
    ["wrapped-oddly", { list: { jobs: [job] }, get: { "the job": { ...job, output: 1 } } }],
    ["wrapped-otherwise", { list: executions, get: { detail: { runId: 1, ended: null } } }],
  ])
  expect(await complaints(samples)).toBe("")
}, 120_000)
