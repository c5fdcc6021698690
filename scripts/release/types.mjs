// The types of what is installed, as strict programs see them.

import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expectThat } from "./checks.mjs"
import { succeed } from "./commands.mjs"
import { install } from "./consumer.mjs"
import { root } from "./repository-copy.mjs"

const compilerOptions = {
  target: "ES2023",
  lib: ["ES2024", "DOM", "DOM.AsyncIterable"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
  types: ["node"],
}

const resolutions = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
}

/** @param {Pick<Parameters<typeof import("./library.mjs").checkLibrary>[0], "check" | "consumer" | "served">} given */
export const checkTypes = async ({ check, consumer, served }) => {
  const at = await consumer("types", "npm")
  const adapters = served.map(({ packageName }) => packageName)
  const files = new Map([["sample.ts", sample]])
  const ready = await check("what the types are tried with is installed", async () => {
    await install(at, ["@execlog/core", "effect", "@types/node@24", ...adapters])
    for (const packageName of adapters) {
      const readme = await readFile(
        join(at.folder, "node_modules", packageName, "README.md"),
        "utf8",
      )
      const [, code] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
      expectThat(code !== undefined, `The README of ${packageName} shows no TypeScript.`)
      files.set(`${packageName.replace("@execlog/", "")}.ts`, `${code}`)
    }
    for (const [name, code] of files) await writeFile(join(at.folder, name), code)
    return true
  })
  if (ready === undefined) return
  for (const [name, resolution] of Object.entries(resolutions)) {
    await check(`  a program and the README of each adapter compile under ${name}`, async () => {
      const config = `tsconfig.${name}.json`
      const options = { ...compilerOptions, ...resolution }
      const settings = { compilerOptions: options, files: [...files.keys()] }
      await writeFile(join(at.folder, config), JSON.stringify(settings))
      const tsc = join(root, "node_modules/.bin/tsc")
      await succeed(tsc, ["--project", config], { cwd: at.folder, env: at.env })
    })
  }
}

const sample = `import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type AdapterError, createClient, type Execution, type LogPage, type LogQuery } from "@execlog/core"
import { Executions } from "@execlog/core/effect"
import { alloy } from "@execlog/alloy"
import { dify } from "@execlog/dify"

const query: LogQuery = { status: ["failed", "timed_out"], since: "2026-11-20" }
const client = createClient(dify({ apiKey: "made-up-key" }), { name: "support-bot" })

export const failures = async (): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for await (const execution of client.executions(query, { limit: 50 })) {
    found.push(execution.error?.message ?? execution.status)
  }
  return found
}

export const page: Promise<LogPage> = client.page(query)
export const one: Promise<Execution> = client.get("b6aabdae-e942-46fb-9c3b-46f27ef24c66")
export const note: string | null | undefined = client.explain(query).filters[0]?.note

// @ts-expect-error A status that there is none of is no query.
client.page({ status: ["broken"] })
// @ts-expect-error An adapter without its settings is no connection.
createClient(alloy)

export const statuses: Effect.Effect<ReadonlyArray<string>, AdapterError, Executions> = Effect.gen(
  function* () {
    const executions = yield* Executions
    return yield* Stream.runCollect(
      Stream.map(executions.executions(query), (execution) => execution.status),
    )
  },
)
`
