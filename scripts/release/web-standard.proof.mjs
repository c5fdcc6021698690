// core and the adapters run wherever fetch does: on Node, Bun, Deno, in browsers and edge workers.
// Bundles dist (build first) for those, searches it, and runs it without Node.

import { existsSync, globSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join } from "node:path"
import { createContext, Script } from "node:vm"
import { startSimulator } from "@execlog/simulator"
import { build } from "esbuild"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const packages = globSync(["packages/core/package.json", "packages/adapters/*/package.json"], {
  cwd: root,
}).map((manifest) => ({
  folder: join(root, dirname(manifest)),
  name: JSON.parse(readFileSync(join(root, manifest), "utf8")).name,
}))
const adapters = packages.filter(({ name }) => name !== "@execlog/core")

/** Everything that the package and core export, so that none of it is shaken off. */
const everything = ({ name }) => `export * from "${name}"; export * from "@execlog/core"`

const targets = [
  { platform: "browser", conditions: ["browser", "import"] },
  { platform: "browser", conditions: ["worker", "browser", "import"] },
  // Neutral knows no fields and conditions of its own; these are those of any bundler.
  { platform: "neutral", conditions: ["import"] },
]

/** Names that only Node or CommonJS has, and code from text, which an edge worker forbids. */
const nodeNames = ["process", "Buffer", "global", "setImmediate", "clearImmediate"]
const unportable = [
  ...nodeNames.flatMap((name) => [name, `globalThis.${name}`, `self.${name}`]),
  "require",
  "module",
  "exports",
  "__dirname",
  "__filename",
  "eval",
  "globalThis.eval",
  "Function",
  "globalThis.Function",
]
const mark = (name) => `UNPORTABLE_${name.replace(".", "_OF_")}`

/**
 * The bundle, the Node built-ins that it imports and by whom, and where it uses what is not
 * portable. esbuild's parser replaces those names where they are globals, and nowhere else.
 */
const bundle = async (folder, contents, target, define = marked) => {
  const imports = []
  const { outputFiles = [] } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    absWorkingDir: root,
    mainFields: ["module", "main"],
    format: "esm",
    ...target,
    define,
    write: false,
    logLevel: "silent",
    plugins: [
      {
        name: "node-built-ins",
        setup: ({ onResolve }) =>
          onResolve({ filter: /.*/ }, ({ path, importer }) => {
            if (!isBuiltin(path)) return undefined
            imports.push(`${importer} imports ${path}`)
            return { path, external: true }
          }),
      },
    ],
  })
  const text = outputFiles.map((file) => file.text).join("\n")
  return { text, imports, unportable: marksIn(text) }
}

const marked = Object.fromEntries(unportable.map((name) => [name, mark(name)]))

/** Where marks stand: esbuild writes a module's path above its code. */
const marksIn = (text) => {
  const found = new Set()
  let module = ""
  for (const line of text.split("\n")) {
    module = /^\/\/ (\S+\.\w+)$/.exec(line)?.[1] ?? module
    for (const name of unportable) {
      if (new RegExp(`\\b${mark(name)}\\b`).test(line))
        found.add(`${module.replace(/^.*node_modules\//, "")}: ${name}`)
    }
  }
  return [...found]
}

/**
 * Effect looks whether the runtime has these, through globalThis, and does without where it has
 * not: setImmediate and clearImmediate for its scheduler; process.hrtime for its clock,
 * process.getBuiltinModule for the context of a callback, process.stdout for colours of its log.
 */
const detectedByEffect = [
  "effect/dist/Scheduler.js: globalThis.clearImmediate",
  "effect/dist/Scheduler.js: globalThis.setImmediate",
  "effect/dist/internal/effect.js: globalThis.process",
]

/** The API that the runtimes share (WinterTC's minimum common API). */
const webStandard = `
  fetch Request Response Headers FormData Blob File URL URLSearchParams URLPattern
  AbortController AbortSignal Event EventTarget TextEncoder TextDecoder TextEncoderStream
  TextDecoderStream DOMException ReadableStream WritableStream TransformStream
  CompressionStream DecompressionStream setTimeout clearTimeout setInterval clearInterval
  queueMicrotask structuredClone btoa atob crypto performance console MessageChannel
  MessagePort MessageEvent
`
  .trim()
  .split(/\s+/)

/** Runs a bundle where nothing but web standards is, and where no code may be made of text. */
const runOnWeb = (text) => {
  const globals = Object.fromEntries(
    webStandard.filter((name) => name in globalThis).map((name) => [name, globalThis[name]]),
  )
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } })
  new Script("globalThis.self = globalThis").runInContext(context)
  new Script(text).runInContext(context)
  return new Script("execlog").runInContext(context)
}

it("finds the built packages", () => {
  expect(packages.length).toBeGreaterThan(2)
  for (const { folder } of packages) expect(existsSync(join(folder, "dist")), folder).toBe(true)
})

describe.each(packages)("$name", (own) => {
  it.each(targets)("uses only web standards when bundled for %j", async (target) => {
    const { imports, unportable: used } = await bundle(own.folder, everything(own), target)
    expect(imports).toEqual([])
    expect(used.filter((use) => !detectedByEffect.includes(use))).toEqual([])
  })
})

describe.each(adapters)("$name without Node", ({ folder, name }) => {
  it("lists, gets and explains without Node", async () => {
    const contents = `export { createClient } from "@execlog/core"; export { default as adapter } from "${name}"`
    const target = { ...targets[1], format: "iife", globalName: "execlog" }
    const { text } = await bundle(folder, contents, target, {})
    const { createClient, adapter } = runOnWeb(text)
    const simulator = await startSimulator()
    try {
      const { baseUrl, apiKey } = simulator[adapter.id]
      const connection = adapter({ baseUrl, apiKey })
      const client = createClient(connection, { name: "edge" })
      expect(client.explain({ status: ["failed"] }).provider).toBe(adapter.id)
      const ids = []
      let last
      for await (const execution of client.executions({ pageSize: 10 }, { limit: 25 })) {
        ids.push(execution.id)
        last = execution
      }
      expect(new Set(ids).size).toBe(25)
      const got = await client.get(client.idToGet(last))
      expect(got.id).toBe(last.id)
    } finally {
      await simulator.stop()
    }
  })
})
