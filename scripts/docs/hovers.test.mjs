// An editor shows for a setting of an official adapter the description that the adapter has at run
// time, and no field of an execution is without a comment.

import { readFileSync, realpathSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"
import { publishedPackages } from "../lib/published-packages.mjs"

// TypeScript 7 has no JavaScript API; dependency-cruiser brings a version that has one.
const cruiser = realpathSync(join(import.meta.dirname, "../../node_modules/dependency-cruiser"))
const ts = createRequire(join(cruiser, "package.json"))("typescript")

const packages = await publishedPackages()
const adapters = packages.filter(({ directory }) => directory.includes("/adapters/"))

/** The documentation of a property in a call, as an editor shows it. */
const hoversIn = (directory, id, names) => {
  const file = join(directory, "hover.ts")
  const text = `import { ${id} } from "./src/index.ts"
const settings: Parameters<typeof ${id}>[0] = { ${names.map((name) => `${name}: undefined as never`).join(", ")} }
`
  const host = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const found = path === file ? text : ts.sys.readFile(path)
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found)
    },
    getCurrentDirectory: () => directory,
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      strict: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: (path) => (path === file ? text : ts.sys.readFile(path)),
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  }
  const service = ts.createLanguageService(host)
  const from = text.indexOf("const settings")
  return Object.fromEntries(
    names.map((name) => {
      const info = service.getQuickInfoAtPosition(file, text.indexOf(`${name}:`, from))
      // An editor shows Markdown, where a line break is a space.
      return [name, ts.displayPartsToString(info?.documentation).replaceAll("\n", " ")]
    }),
  )
}

describe("the hover of a setting", () => {
  it.each(adapters)("shows the description and the default of $name", async ({ path, name }) => {
    const id = name.replace("@execlog/", "")
    const { default: adapter } = await import(pathToFileURL(join(path, "dist/index.js")).href)
    const described = adapter.settings.map((setting) => [
      setting.name,
      setting.default === null
        ? `${setting.description}.`
        : `${setting.description}. Default: \`${setting.default}\`.`,
    ])
    const names = adapter.settings.map((setting) => setting.name)
    expect(hoversIn(path, id, names)).toEqual(Object.fromEntries(described))
  })
})

describe("the hover of a field", () => {
  const file = join(import.meta.dirname, "../../packages/core/src/model/Execution.ts")
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, true)

  /** The fields of a type without a comment, at any depth, by their path. */
  const uncommentedIn = (node, path) => {
    const isField = ts.isPropertySignature(node)
    const here = isField ? [...path, node.name.getText()] : path
    const isBare = isField && ts.getJSDocCommentsAndTags(node).length === 0
    const found = isBare ? [here.join(".")] : []
    ts.forEachChild(node, (child) => void found.push(...uncommentedIn(child, here)))
    return found
  }

  it.each(["Execution", "Step", "Actor"])("is never empty in %s", (name) => {
    const declared = source.statements.find(
      (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
    )
    expect(declared?.members.length).toBeGreaterThan(0)
    expect(uncommentedIn(declared, [])).toEqual([])
  })
})
