import { type AdapterDraft, type Samples } from "../draft/AdapterDraft.js"
import { adapterSource } from "./AdapterSource.js"
import { executionFile } from "./ExecutionFile.js"
import { getFixture, listFixture } from "./FixtureFile.js"
import { readmeFile } from "./ReadmeFile.js"
import type { Versions } from "./Versions.js"
import { wireFile } from "./WireFile.js"

/** The files that the samples came from. */
export interface SampleFiles {
  readonly list: string | undefined
  readonly get: string | undefined
}

/** All files of the package, by their path in it. */
export const packageFiles = (
  draft: AdapterDraft,
  samples: Samples,
  files: SampleFiles,
  versions: Versions,
): ReadonlyMap<string, string> => {
  const get = samples.get === null ? null : getFixture(draft, samples.get, files.get ?? "")
  return new Map([
    ["package.json", manifest(draft, versions)],
    ["tsconfig.json", tsconfig],
    ["tsconfig.build.json", tsconfigBuild],
    [".gitignore", "node_modules/\ndist/\n"],
    ["README.md", readmeFile(draft, samples)],
    ["src/execution.ts", executionFile(draft)],
    ["src/index.ts", adapterSource(draft)],
    ["src/todo.ts", todo],
    ["src/wire.ts", wireFile(draft)],
    ["test/Contract.test.ts", contractTest(draft)],
    ["test/Live.test.ts", liveTest(draft)],
    ["test/Todo.test.ts", todoTest(draft)],
    ...(samples.list === null
      ? [["fixtures/.gitkeep", ""] as const]
      : [
          [
            "fixtures/documented-list.json",
            listFixture(draft, samples.list, files.list ?? ""),
          ] as const,
        ]),
    ...(get === null ? [] : [["fixtures/documented-get.json", get] as const]),
  ])
}

const manifest = ({ choices: { id, title } }: AdapterDraft, versions: Versions): string =>
  `${JSON.stringify(
    {
      name: `execlog-adapter-${id}`,
      version: "0.1.0",
      description: `${title} executions for execlog`,
      keywords: ["execlog", "execlog-adapter"],
      license: "MIT",
      files: ["dist", "src"],
      type: "module",
      sideEffects: false,
      exports: {
        ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
        "./package.json": "./package.json",
      },
      scripts: {
        // Files that were removed from src must not be published.
        build: `node -e "fs.rmSync('dist', { recursive: true, force: true })" && tsc -p tsconfig.build.json`,
        typecheck: "tsc --noEmit",
        test: "npm run build && vitest run --exclude test/Live.test.ts",
        live: "npm run build && vitest run test/Live.test.ts",
        prepublishOnly: "npm test",
      },
      devDependencies: {
        "@execlog/contract-tests": versions.contractTests,
        "@execlog/core": versions.core,
        "@types/node": versions.nodeTypes,
        effect: versions.effect,
        typescript: versions.typescript,
        vitest: versions.vitest,
      },
      peerDependencies: { "@execlog/core": versions.core, effect: versions.effect },
      engines: { node: ">=22.20" },
    },
    null,
    2,
  )}\n`

const tsconfig = `{
  "compilerOptions": {
    "target": "ES2023",
    "lib": ["ES2024", "DOM"],
    "module": "NodeNext",
    "verbatimModuleSyntax": true,
    "isolatedModules": true,
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "skipLibCheck": true,
    "types": ["node"],
    "declaration": true,
    "noEmit": true
  },
  "include": ["src", "test"]
}
`

const tsconfigBuild = `{
  "extends": "./tsconfig.json",
  "compilerOptions": { "rootDir": "src", "outDir": "dist", "types": [], "noEmit": false },
  "include": ["src"]
}
`

const todo = `/** What is left to do, by place. Delete this file when nothing is left. */
export const todos = new Map<string, string>()

/**
 * Marks a value that the generator could not infer: records it for test/Todo.test.ts, and returns a
 * placeholder. Replace the call by the real value.
 */
export function todo(where: string, what: string): void
export function todo<Value>(where: string, what: string, standIn: Value): Value
export function todo<Value>(where: string, what: string, standIn?: Value): Value | undefined {
  todos.set(where, what)
  return standIn
}
`

const zoneless = ({ item, get }: AdapterDraft): string =>
  item.times.has("zoneless") || get?.draft.times.has("zoneless") === true
    ? "  zoneless: true,\n"
    : ""

const contractTest = (draft: AdapterDraft): string => {
  const { constant } = draft
  return `import { contractSuite } from "@execlog/contract-tests"
import { ${constant} } from "../src/index.js"

await contractSuite({
  adapter: ${constant},
  fixtures: new URL("../fixtures/", import.meta.url),
  module: new URL("../dist/index.js", import.meta.url),
${zoneless(draft)}})
`
}

const liveTest = (draft: AdapterDraft): string => {
  const { constant } = draft
  return `import { liveSuite } from "@execlog/contract-tests"
import { ${constant} } from "../src/index.js"

// Tests against a real server: \`npm run live\`, which reports the variables that it needs.
await liveSuite({
  adapter: ${constant},
  module: new URL("../dist/index.js", import.meta.url),
${zoneless(draft)}})
`
}

const todoTest = ({ constant, choices: { auth } }: AdapterDraft): string => {
  const settings = auth.by === "none" ? "{}" : '{ apiKey: "made-up-key" }'
  return `import { expect, it } from "vitest"
import { ${constant} } from "../src/index.js"
import { todos } from "../src/todo.js"

// The contents of functions, such as the filters, are evaluated when a connection is made.
${constant}(${settings})

it.each([...todos])("to do: %s", (_where, what) => {
  expect.fail(what)
})

it("has nothing left to do", () => {
  expect([...todos.keys()]).toEqual([])
})
`
}
