import { readdirSync, readFileSync } from "node:fs"
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { AdapterError } from "@execlog/core"
import { Adapter } from "@execlog/core/adapter"
import { describe, expect, it } from "vitest"
import { adapterChecks, fixtureChecks, loadFixtures, makeSubject } from "../../src/index.js"
import { compareWithFolder, record, writeFixtures } from "../../src/recording/index.js"
import { declaration, sample } from "../SampleAdapter.js"

const apiKey = "canary-sample-1"
const start = Math.floor(Date.now() / 1000) - 86_400

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `row-${index}`,
    state: ["ok", "bad", "ok", "done"][index % 4] ?? "ok",
    workflow: `workflow-${index % 2}`,
    user: `user-${index % 3}@acme.io`,
    logged: start + index * 60,
    started: start + index * 60,
    ended: start + index * 60 + 5,
  })).toReversed()

/** A server that takes its parameters from the address or from the body of a POST. */
const serverOf =
  (rows: () => ReturnType<typeof rowsOf>): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    if (request.headers.get("authorization") !== `Bearer ${apiKey}`) {
      return Response.json({ problem: "This key is not known." }, { status: 401 })
    }
    const url = new URL(request.url)
    const body = request.method === "POST" ? await request.json() : {}
    const asked = new URLSearchParams({ ...Object.fromEntries(url.searchParams), ...body })
    const [, id] = /\/rows\/(row-\d+|0+-\d+)$/.exec(url.pathname) ?? []
    if (id !== undefined) {
      const row = rows().find((one) => one.id === id)
      return row === undefined
        ? Response.json({ problem: "no row" }, { status: 404 })
        : Response.json(row)
    }
    const matching = rows().filter(
      ({ logged, state, workflow }) =>
        logged * 1000 <= Number(asked.get("until") ?? Number.POSITIVE_INFINITY) &&
        logged * 1000 >= Number(asked.get("since") ?? 0) &&
        (asked.get("state") ?? state).split(",").includes(state) &&
        (asked.get("workflow") ?? workflow) === workflow,
    )
    const size = Number(asked.get("size"))
    const from = (Number(asked.get("page")) - 1) * size
    return Response.json({
      rows: matching.slice(from, from + size),
      more: from + size < matching.length,
    })
  }

const connection = sample({ apiKey, baseUrl: "https://rows.acme.io/api" })
const short = serverOf(() => rowsOf(12))

const parsed = async (...given: Parameters<typeof record>) => {
  const recording = await record(...given)
  const files = new Map(recording.fixtures.map(({ name, text }) => [name, JSON.parse(text)]))
  return { ...recording, files }
}

describe("record", () => {
  it("records pages, each pushed-down filter, one execution per status, and errors", async () => {
    const { files, warnings, failures } = await parsed(connection, { fetch: short })
    expect([...files.keys()]).toEqual([
      "list-pages",
      "list-workflow",
      "list-status-succeeded",
      "list-status-failed",
      "list-time-after",
      "list-time-range",
      "get-succeeded",
      "get-failed",
      "error-unknown-id",
      "error-wrong-key",
    ])
    expect(files.get("list-pages").exchanges.length).toBeGreaterThan(3)
    expect(files.get("error-unknown-id").expect).toMatchObject({ reason: "NotFound", status: 404 })
    expect(files.get("error-wrong-key").expect).toEqual({
      reason: "Authentication",
      status: 401,
      providerMessage: "This key is not known.",
    })
    expect([warnings, failures]).toEqual([[], []])
  })

  it("writes fixtures readable by the owner alone, and keeps the mode of existing files", async () => {
    const parent = await mkdtemp(join(tmpdir(), "execlog-recording-"))
    const folder = join(parent, "fixtures")
    const masked = { addresses: 0, names: 0, values: 0, hosts: 0 }
    const fixture = {
      name: "list",
      what: "a list",
      text: "{}",
      requests: [],
      executions: 0,
      masked,
      suspicions: [],
    }
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777
    await writeFixtures(await compareWithFolder([fixture], folder), folder)
    const file = join(folder, "list.json")
    expect([await modeOf(folder), await modeOf(file)]).toEqual([0o700, 0o600])
    await chmod(file, 0o664)
    await writeFixtures(await compareWithFolder([fixture], folder), folder)
    expect([await modeOf(file), await readdir(folder)]).toEqual([0o664, ["list.json"]])
    await rm(parent, { recursive: true })
  })

  it("records the body of a POST in fixtures that pass the suite", async () => {
    const posting = Adapter.make({
      ...declaration,
      list: {
        ...declaration.list,
        route: "POST /rows",
        request: ({ params }) => ({ method: "POST" as const, path: "/rows", body: params }),
      },
    })
    const folder = await mkdtemp(join(tmpdir(), "execlog-recording-"))
    const { fixtures } = await record(posting({ apiKey }), { fetch: short })
    await writeFixtures(await compareWithFolder(fixtures, folder), folder)
    const url = pathToFileURL(`${folder}/`)
    const subject = makeSubject({ adapter: posting, fixtures: url }, await loadFixtures(url))
    for (const check of Object.values(adapterChecks))
      if (check.appliesTo(subject)) await check.run(subject)
    for (const fixture of subject.fixtures) {
      for (const check of Object.values(fixtureChecks)) {
        if (check.appliesTo(subject, fixture)) await check.run(subject, fixture)
      }
    }
    const [first] = JSON.parse(
      readFileSync(join(folder, "list-status-failed.json"), "utf8"),
    ).exchanges
    expect(first).toMatchObject({
      method: "POST",
      path: "/api/rows",
      body: { state: "bad", page: 1 },
    })
    expect(await readdir(folder)).toHaveLength(fixtures.length)
    await rm(folder, { recursive: true })
  }, 60_000)

  it("masks the host of a private server, in requests too", async () => {
    const { fixtures, files } = await parsed(connection, { fetch: short, mask: true })
    expect(fixtures.map(({ text }) => text).join("")).not.toContain("acme.io")
    const { settings, exchanges } = files.get("list-pages")
    expect(settings.baseUrl).toBe("https://server.example.com/api")
    expect(exchanges[0].scope).toBe("https://server.example.com")
  })

  it("keeps the host of a public provider", async () => {
    const options = { fetch: short, mask: true, publicOrigins: ["https://rows.acme.io"] }
    const { files } = await parsed(connection, options)
    expect(files.get("list-pages").exchanges[0].scope).toBe("https://rows.acme.io")
  })

  it("records the final response of a retried request", async () => {
    let failures = 0
    const shaky: typeof fetch = async (input, init) =>
      new Request(input, init).url.includes("state=bad") && failures++ === 0
        ? new Response("{}", { status: 503 })
        : short(input, init)
    const { files } = await parsed(connection, { fetch: shaky })
    const { exchanges } = files.get("list-status-failed")
    expect(failures).toBeGreaterThan(1)
    expect(exchanges.map(({ status }: { readonly status: number }) => status)).toEqual([200])
  })

  it("omits a fixture whose response is nested too deep, and warns", async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`
    const nesting: typeof fetch = async (input, init) => {
      const response = await short(input, init)
      const isFailed = new Request(input, init).url.includes("state=bad")
      return isFailed
        ? new Response((await response.text()).replaceAll('"user-1@acme.io"', deep))
        : response
    }
    const { files, warnings, failures } = await parsed(connection, { fetch: nesting, mask: true })
    expect(failures).toEqual([])
    expect(warnings).toContain(
      "list-status-failed is left out: a response is nested deeper than 1000 levels.",
    )
    expect([...files.keys()]).toContain("list-pages")
  })

  it("stops reading an endless response at maxBodyBytes", async () => {
    const piece = new TextEncoder().encode(" ".repeat(64 * 1024))
    let given = 0
    const endless: typeof fetch = async (input, init) =>
      new Request(input, init).url.includes("state=bad")
        ? new Response(
            new ReadableStream({
              pull: (body) => {
                given += piece.length
                body.enqueue(piece)
              },
            }),
          )
        : short(input, init)
    const maxBodyBytes = 1024 * 1024
    const { failures } = await parsed(connection, {
      fetch: endless,
      transport: { retries: 0, maxBodyBytes },
    })
    expect(failures).toMatchObject([{ name: "list-status-failed", error: { reason: "TooLarge" } }])
    expect(given).toBeLessThan(4 * maxBodyBytes)
  })

  it("warns when the log changed during the recording, and then compares no fixtures", async () => {
    let asked = 0
    const moving = serverOf(() => rowsOf(12 + Math.floor(asked++ / 5)))
    const { files, warnings } = await parsed(connection, { fetch: moving })
    expect(warnings).toContainEqual(
      expect.stringContaining("The log changed while it was recorded"),
    )
    expect([...files.values()].filter(({ provenance }) => "dataset" in provenance)).toEqual([])
  })

  it("continues when one request fails, and reports which", async () => {
    const rejecting: typeof fetch = async (input, init) =>
      new Request(input, init).url.includes("state=bad")
        ? Response.json({ problem: "no such state" }, { status: 400 })
        : short(input, init)
    const { files, failures } = await parsed(connection, { fetch: rejecting })
    expect(failures).toMatchObject([
      { name: "list-status-failed", error: { reason: "InvalidQuery" } },
    ])
    expect([...files.keys()]).toContain("get-failed")
    expect([...files.keys()]).not.toContain("list-status-failed")
  })

  it("omits the error fixture of a wrong key when the server accepts it", async () => {
    const open: typeof fetch = (input, init) => {
      const request = new Request(input, init)
      request.headers.set("authorization", `Bearer ${apiKey}`)
      return short(request)
    }
    const { files, warnings } = await parsed(connection, { fetch: open })
    expect([...files.keys()]).not.toContain("error-wrong-key")
    expect(warnings).toContainEqual(
      expect.stringContaining("error-wrong-key: Sample returned no error"),
    )
  })

  it("records the version that the server reports, unless one is given", async () => {
    const versioned: typeof fetch = async (input, init) => {
      const answer = await short(input, init)
      return new Response(await answer.text(), {
        status: answer.status,
        headers: { "x-version": "4.2" },
      })
    }
    const found = await parsed(connection, { fetch: versioned })
    expect(found.files.get("list-pages").provenance.version).toBe("4.2")
    const given = await parsed(connection, { fetch: versioned, version: "4.3" })
    expect(given.files.get("list-pages").provenance.version).toBe("4.3")
  })

  it("warns when the provider has no search to record", async () => {
    const { warnings } = await parsed(connection, { fetch: short, search: "order" })
    expect(warnings).toEqual(["Sample cannot search for this text, so no search is recorded."])
  })

  it("warns when the log is empty", async () => {
    const { warnings } = await parsed(connection, { fetch: serverOf(() => []) })
    expect(warnings).toContainEqual(expect.stringContaining("The log has no executions"))
  })

  it("rejects when the log cannot be read at all", async () => {
    const rejected = await record(sample({ apiKey: "canary-other" }), { fetch: short }).catch(
      (error: unknown) => error,
    )
    expect(AdapterError.is(rejected) && rejected.reason).toBe("Authentication")
  })
})

it("imports only core in the recording entry, and no test runner", () => {
  const root = new URL("../../src/recording/", import.meta.url)
  const imported = /^(?:import|export) (?!type )[^"]*?from "([^"]+)"/gms
  const seen = new Set<string>()
  const packages = new Set<string>()
  const follow = (file: URL): void => {
    if (seen.has(file.href)) return
    seen.add(file.href)
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(imported)) {
      if (specifier.startsWith(".")) follow(new URL(specifier.replace(/\.js$/, ".ts"), file))
      else packages.add(specifier.split("/").slice(0, 2).join("/"))
    }
  }
  follow(new URL("index.ts", root))
  expect(seen.size).toBeGreaterThanOrEqual(readdirSync(root).length)
  expect([...packages].filter((name) => !name.startsWith("node:"))).toEqual(["@execlog/core"])
})
