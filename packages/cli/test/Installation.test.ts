import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { bin, directoryWith, execlog } from "./Execlog.js"

const require = createRequire(import.meta.url)
const packageFolder = fileURLToPath(new URL("..", import.meta.url))

/** A directory with execlog installed as by npm, with its dependencies and without adapters. */
let installed: string
let installedBin: string

beforeAll(() => {
  installed = directoryWith({})
  const modules = join(installed, "node_modules")
  for (const part of ["bin", "dist", "package.json"]) {
    cpSync(join(packageFolder, part), join(modules, "execlog", part), { recursive: true })
  }
  const dependencies = readdirSync(join(packageFolder, "node_modules")).filter(
    (name) => !/^[@.]/.test(name),
  )
  for (const name of [...dependencies, "@execlog/core"]) install(installed, name)
  installedBin = join(modules, "execlog/bin/execlog.js")
})

const install = (directory: string, name: string) => {
  const target = join(directory, "node_modules", name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(packageFolder, "node_modules", name), target)
}

/** Installs a third party's package that only `import` can load. */
const publish = (directory: string, name: string, source: string) => {
  const folder = join(directory, "node_modules", name)
  mkdirSync(folder, { recursive: true })
  const manifest = {
    name,
    version: "2.3.4",
    type: "module",
    exports: { ".": { import: "./main.js" } },
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest))
  writeFileSync(join(folder, "main.js"), source)
}

const call = (directory: string, ...args: ReadonlyArray<string>) =>
  execlog(args, {
    directory,
    bin: installedBin,
    environment: { DIFY_API_KEY: "app-canary-k", ACME_FLOW_API_KEY: "app-canary-k" },
  })

const acme = `
import { Adapter, Auth, Filter, Pagination, Setting } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"
export default Adapter.make({
  id: "acme-flow", title: "Acme Flow", statuses: {},
  settings: { apiKey: Setting.secret("The key") },
  baseUrl: () => "https://acme.example.com", auth: (config) => Auth.bearer(config.apiKey),
  list: {
    route: "GET /x", pagination: Pagination.pageNumber({ page: "p", size: "s" }), maxPageSize: 10,
    time: { at: () => 0, walk: "pages" },
    filters: () => ({ workflowId: Filter.here, actorId: Filter.here, status: Filter.here, search: Filter.here }),
    request: () => ({ method: "GET", path: "/x" }), page: Schema.Unknown, info: () => ({ items: [] }),
    item: Schema.Unknown, itemId: () => "", toExecution: () => ({}),
  },
})`

describe("an adapter that is not installed", () => {
  it.each([
    ["npm install", {}],
    ["npm install", { "package-lock.json": "{}" }],
    ["pnpm add", { "pnpm-lock.yaml": "" }],
    ["yarn add", { "yarn.lock": "" }],
    ["bun add", { "bun.lock": "" }],
  ])("suggests %s when the directory holds %j", async (command, files) => {
    const directory = directoryWith(files)
    const { code, stderr } = await call(directory, "list", "--provider", "alloy")
    expect(stderr).toContain('alloy: The adapter for "alloy" is not installed.')
    expect(stderr).toContain("Looked for @execlog/alloy and execlog-adapter-alloy from ")
    expect(stderr).toContain(`Install it: ${command} @execlog/alloy\n`)
    expect(code).toBe(2)
  })

  it("lists adapters that are not installed with the command that installs them", async () => {
    const { code, stdout } = await call(directoryWith({}), "providers", "--format", "table")
    expect(stdout).toContain("not installed: npm install @execlog/alloy")
    expect(stdout).toContain("not installed: npm install @execlog/dify")
    expect(stdout).toContain("not installed: npm install @execlog/n8n")
    expect(stdout).toContain("not installed: npm install @execlog/prefect")
    expect(code).toBe(0)
  })
})

describe("the lookup of an adapter", () => {
  it("finds an adapter from the working directory", async () => {
    const directory = directoryWith({})
    install(directory, "@execlog/dify")
    const { code, stdout } = await call(directory, "explain", "--provider", "dify")
    expect(code).toBe(0)
    expect(JSON.parse(stdout).route).toBe("GET /workflows/logs")
  })

  it("finds an adapter beside execlog", async () => {
    const { code, stdout } = await execlog(["providers", "--format", "json"], { bin })
    expect(code).toBe(0)
    const [alloy, dify, n8n, prefect] = JSON.parse(stdout)
    expect(alloy).toMatchObject({ id: "alloy", installed: true, package: "@execlog/alloy" })
    expect(dify).toMatchObject({
      id: "dify",
      title: "Dify",
      settings: [
        { name: "apiKey", secret: true, required: true, default: null, variable: "DIFY_API_KEY" },
        {
          name: "baseUrl",
          secret: false,
          required: false,
          default: "https://api.dify.ai/v1",
          variable: null,
        },
        { name: "workflow" },
        { name: "logDelay", default: "24h" },
      ],
    })
    expect(dify.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(n8n).toMatchObject({ id: "n8n", title: "n8n", installed: true })
    expect(prefect).toMatchObject({ id: "prefect", title: "Prefect", installed: true })
    expect(alloy.path).toBe(require.resolve("@execlog/alloy"))
    expect(prefect.path).toBe(require.resolve("@execlog/prefect"))
    expect(dify.path).toBe(require.resolve("@execlog/dify"))
  })

  it("finds an adapter of a third party", async () => {
    const directory = directoryWith({})
    publish(directory, "execlog-adapter-acme-flow", acme)
    install(directory, "@execlog/core")
    install(directory, "effect")
    const explained = await call(directory, "explain", "--provider", "acme-flow")
    expect(explained.stderr).toBe("")
    expect(JSON.parse(explained.stdout).provider).toBe("acme-flow")
    const { stdout } = await call(directory, "providers", "--all", "--format", "table")
    expect(stdout).toContain("acme-flow  Acme Flow\n  execlog-adapter-acme-flow 2.3.4, from ")
    expect(stdout).toContain("required; secret, from ACME_FLOW_API_KEY")
  })

  it("loads a third party's adapter that nobody named only for providers --all", async () => {
    const directory = directoryWith({})
    const leavesTrace = `import { writeFileSync } from "node:fs"
      writeFileSync(new URL("trace", import.meta.url), "")
      ${acme}`
    publish(directory, "execlog-adapter-acme-flow", leavesTrace)
    install(directory, "@execlog/core")
    install(directory, "effect")
    const trace = join(directory, "node_modules/execlog-adapter-acme-flow/trace")
    const listed = await call(directory, "providers", "--format", "table")
    expect(listed.code).toBe(0)
    expect(listed.stdout).toContain("execlog-adapter-acme-flow\n  from ")
    expect(listed.stdout).toContain("not loaded: execlog providers --all loads it")
    expect(existsSync(trace)).toBe(false)
    const { stdout } = await call(directory, "providers", "--all")
    expect(stdout).toContain('"title":"Acme Flow"')
    expect(existsSync(trace)).toBe(true)
  })

  it("loads an adapter that the configuration names for providers", async () => {
    const directory = directoryWith({
      "execlog.json": { connections: { acme: { provider: "acme-flow" } } },
    })
    publish(directory, "execlog-adapter-acme-flow", acme)
    install(directory, "@execlog/core")
    install(directory, "effect")
    const { stdout } = await call(directory, "providers")
    expect(stdout).toContain('"title":"Acme Flow"')
  })

  describe("in the package of the working folder", () => {
    const ownFolder = (name: string, source: string, connection?: object) => {
      const directory = directoryWith({
        "package.json": {
          name,
          version: "2.3.4",
          type: "module",
          exports: "./index.js",
          keywords: ["execlog-adapter"],
        },
        "index.js": source,
        ...(connection && { "execlog.json": { connections: { one: connection } } }),
      })
      install(directory, "@execlog/core")
      install(directory, "effect")
      return directory
    }
    const isRun = `throw new Error("was run")`

    it("finds the adapter of the working directory's own package by its id", async () => {
      const directory = ownFolder("execlog-adapter-acme-flow", acme)
      const plan = await call(directory, "explain", "--provider", "acme-flow")
      expect([plan.code, plan.stderr]).toEqual([0, ""])
      expect(plan.stdout).toContain('"provider":"acme-flow"')
    })

    it("finds and lists the working directory's own adapter when the configuration names it", async () => {
      const connection = { provider: "acme-flow", package: "@ours/flows" }
      const directory = ownFolder("@ours/flows", acme, connection)
      const plan = await call(directory, "explain")
      expect([plan.code, plan.stderr]).toEqual([0, ""])
      const { stdout } = await call(directory, "providers")
      expect(stdout).toContain('"package":"@ours/flows"')
    })

    it.each([
      ["@ours/flows", "acme-flow"],
      ["@execlog/dify", "dify"],
      ["execlog-adapter-dify", "dify"],
    ])("does not run the package %s unless it is named or installed", async (name, provider) => {
      const directory = ownFolder(name, isRun)
      const explained = await call(directory, "explain", "--provider", provider)
      const { stderr } = await call(directory, "providers")
      expect(explained.stderr + stderr).not.toContain("was run")
      expect((await call(directory, "providers", "--all")).stderr).toContain("was run")
    })
  })

  it("finds an adapter in the package that the connection names", async () => {
    const directory = directoryWith({
      "execlog.json": { connections: { acme: { provider: "acme-flow", package: "@ours/flows" } } },
    })
    publish(directory, "@ours/flows", acme)
    install(directory, "@execlog/core")
    install(directory, "effect")
    const explained = await call(directory, "explain")
    expect(explained.stderr).toBe("")
    expect(JSON.parse(explained.stdout)).toMatchObject({
      provider: "acme-flow",
      connection: "acme",
    })
    const { stdout } = await call(directory, "providers")
    expect(stdout).toContain('"package":"@ours/flows"')
  })

  it.each([
    [
      "throws when it is loaded",
      'throw new Error("no database")',
      "cannot be loaded from ",
      "no database",
    ],
    ["misses what it needs", 'import "not-there"', "cannot be loaded from ", "not-there"],
    [
      "has no default export",
      "export const adapter = 5",
      "is not an execlog adapter",
      "Adapter.make",
    ],
    [
      "uses another contract",
      `const adapter = () => ({ kind: "execlog/connection", contractVersion: 99, provider: "odd" })
      export default Object.assign(adapter, { kind: "execlog/adapter", contractVersion: 99, id: "odd", title: "Odd", settings: [] })`,
      "uses version 99 of the adapter contract",
      "compatible versions",
    ],
  ])("names an adapter that %s", async (_name, source, ...messages) => {
    const directory = directoryWith({})
    publish(directory, "execlog-adapter-odd", source)
    const { code, stderr } = await call(directory, "list", "--provider", "odd")
    for (const message of messages) expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
  })
})

describe("an old version of Node", () => {
  it("says which version is needed before it loads anything else", async () => {
    const old =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.19.0'}})"
    const { code, stdout, stderr } = await execlog(["--version"], { nodeFlags: ["--import", old] })
    expect(stderr).toContain("execlog: This is Node 22.19.0 (")
    expect(stderr).toContain("execlog needs Node 22.20 or later")
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })
})

describe("the package that record needs", () => {
  const record = (directory: string) =>
    call(directory, "record", "--provider", "acme-flow", "--out", "fixtures")

  it("names contract-tests and the command that installs it when record does not find it", async () => {
    const { code, stderr } = await record(directoryWith({ "pnpm-lock.yaml": "" }))
    expect(code).toBe(2)
    expect(stderr).toContain("record needs @execlog/contract-tests, which is not installed")
    expect(stderr).toContain("Install it: pnpm add @execlog/contract-tests")
  })

  it("finds contract-tests for record in the working directory", async () => {
    const directory = directoryWith({})
    install(directory, "@execlog/contract-tests")
    const { code, stderr } = await record(directory)
    expect(code).toBe(2)
    expect(stderr).toContain('There is no adapter for "acme-flow".')
  })
})
