import { inspect } from "node:util"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Pagination, Setting } from "../src/adapter.js"
import { createClient } from "../src/index.js"
import { settingVariable } from "../src/unstable.js"
import { windowsByNumber } from "./SampleProvider.js"

const connect = (settings: unknown) =>
  windowsByNumber(settings as Parameters<typeof windowsByNumber>[0])

describe("the settings of a connection", () => {
  it.each<[unknown, RegExp]>([
    [{}, /The setting "apiKey" of sample is missing\./],
    [{ apiKey: undefined }, /"apiKey" of sample is missing/],
    [{ apiKey: "" }, /"apiKey" of sample is empty/],
    [{ apiKey: "abc" }, /"apiKey" of sample is too short to be a key/],
    [{ apiKey: "   " }, /"apiKey" of sample is empty/],
    [{ apiKey: "canary\n" }, /"apiKey" of sample contains a space, a line break/],
    [{ apiKey: 7 }, /"apiKey" of sample must be a text/],
    [{ apiKey: "canary-1", url: "x" }, /sample has no setting "url"\.$/],
    [
      { apiKey: "canary-1", baseUrl: "sample.example" },
      /"baseUrl" of sample is not a URL\. Write the full URL, such as https:\/\/sample\.example\/api/,
    ],
    [{ apiKey: "canary-1", baseUrl: "" }, /"baseUrl" of sample is not a URL/],
    [
      { apiKey: "canary-1", baseUrl: "ftp://sample.example" },
      /must begin with https:\/\/ or http:\/\//,
    ],
    [{ apiKey: "canary-1", baseUrl: "https://a:b@sample.example" }, /must not contain a user name/],
    [
      { apiKey: "canary-1", baseUrl: "https://sample.example/?x=1" },
      /without anything after \? or #/,
    ],
    [{ apiKey: "canary-1", baseUrl: "canary-1" }, /is not a URL/],
    [{ apiKey: "canary-1", baseUrl: "https://sample.example/?key=canary-1" }, /after \? or #/],
    [{ apiKey: "canary-1", baseUrl: "https://canary-1:x@ho st" }, /is not a URL/],
    [null, /are an object with apiKey, baseUrl/],
  ])("throws, and names the wrong setting, for %j", (settings, message) => {
    const error = thrownBy(() => connect(settings))
    expect(error).toMatchObject({ _tag: "AdapterError", reason: "InvalidSettings" })
    expect(String(error)).toMatch(message)
    expect(inspect(error, { depth: 10 })).not.toContain("canary")
  })
})

describe("the hint of a wrong setting", () => {
  it.each([
    [{ apikey: "canary-1" }, "change_name", "Did you mean apiKey?"],
    [{ apiKey: "canary-1", base_url: "x" }, "change_name", "Did you mean baseUrl?"],
    [{ apiKey: "canary-1", colour: "x" }, "change_name", "Its settings are apiKey, baseUrl."],
    [{}, "add_setting", "Give it a value."],
  ])("tells what to do about %j", (settings, code, text) => {
    expect(thrownBy(() => connect(settings))).toMatchObject({ hint: { code, text } })
  })

  it.each<[object, string]>([
    [{ timeout: 5 }, "Did you mean timeoutMs?"],
    [{ retrys: 5 }, "Did you mean retries?"],
    [{ colour: 5 }, "The transport settings are timeoutMs, "],
  ])("tells what to do about the transport settings %j", (transport, text) => {
    const connection = connect({ apiKey: "canary-sample-1" })
    expect(thrownBy(() => createClient(connection, { transport }))).toMatchObject({
      reason: "InvalidSettings",
      subject: { kind: "option", name: Object.keys(transport)[0] },
      hint: { code: "change_name", text: expect.stringContaining(text) },
    })
  })
})

describe("a base URL", () => {
  it.each([
    "https://sample.example/api",
    "https://sample.example/api/",
    "https://sample.example/api///",
  ])("sends requests under the same path for %s", async (baseUrl) => {
    const asked: Array<string> = []
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(new URL(String(input)).pathname)
      return Response.json({ rows: [], more: false, total: 0 })
    }
    await createClient(connect({ apiKey: "canary-sample-1", baseUrl }), { fetch }).page()
    expect(asked).toEqual(["/api/rows"])
  })

  it.each(["http://127.0.0.1:5001", "http://localhost", "http://[::1]:80/v1"])(
    "accepts plain http for %s, which does not leave the machine",
    (baseUrl) => {
      expect(createClient(connect({ apiKey: "canary-sample-1", baseUrl }))).toBeDefined()
    },
  )

  it("rejects plain http to another host, unless allowHttp is set", () => {
    const connection = connect({ apiKey: "canary-sample-1", baseUrl: "http://sample.example" })
    expect(String(thrownBy(() => createClient(connection)))).toMatch(
      /plain http to sample.example: the key would be sent unencrypted/,
    )
    expect(createClient(connection, { transport: { allowHttp: true } })).toBeDefined()
  })
})

describe("the transport settings", () => {
  it.each<[object, RegExp]>([
    [{ timeout: 5 }, /There is no transport setting "timeout"\./],
    [{ timeoutMs: 0 }, /timeoutMs: Expected a whole number of at least 1\./],
    [{ retries: -1 }, /retries: Expected a whole number of at least 0/],
    [{ requestsPerSecond: 0 }, /requestsPerSecond: Expected a number above 0/],
    [{ maxInFlight: 1.5 }, /maxInFlight: Expected a whole number of at least 1/],
    [{ allowHttp: "yes" }, /allowHttp: Expected boolean/],
    [{ apiKey: "canary-1" }, /There is no transport setting "apiKey"\./],
  ])("throws, and names the wrong setting, for %j", (transport, message) => {
    const connection = connect({ apiKey: "canary-sample-1" })
    const error = String(thrownBy(() => createClient(connection, { transport })))
    expect(error).toMatch(message)
    expect(error).not.toContain("canary")
  })
})

describe("createClient", () => {
  it("throws for an adapter that was not called with settings", () => {
    expect(String(thrownBy(() => createClient(windowsByNumber as never)))).toContain(
      "call the adapter with its settings",
    )
  })

  it("throws for a connection of another contract version, and names both versions", () => {
    const connection = { ...connect({ apiKey: "canary-sample-1" }), contractVersion: 2 }
    expect(String(thrownBy(() => createClient(connection)))).toMatch(
      /"sample" uses version 2 of the adapter contract, and this @execlog\/core uses version 1/,
    )
  })
})

describe("a setting that only tunes how something is read", () => {
  const adapter = Adapter.make({
    id: "tuned",
    title: "Tuned",
    settings: {
      baseUrl: Setting.url("Where it is", { default: "https://tuned.example" }),
      account: Setting.text("Whose log", { default: "all" }),
      delay: Setting.span("How late", { default: "1h", tunes: true }),
      version: Setting.text("Which version", { default: "1", tunes: true }),
      longest: Setting.optionalSpan("How long", { tunes: true }),
      extra: Setting.optionalSpan("What a later version adds"),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    auth: () => Auth.none,
    statuses: {},
    list: {
      route: "GET /rows",
      pagination: Pagination.offset({ offset: "skip", size: "size" }),
      maxPageSize: 10,
      time: { at: () => 0, walk: "pages" },
      filters: () => ({}),
      request: () => ({ method: "GET", path: "/rows" }),
      page: Schema.Array(Schema.Unknown),
      info: (items) => ({ items }),
      item: Schema.Unknown,
      itemId: () => "1",
      toExecution: () => ({ id: "1", providerStatus: null, startedAt: null, finishedAt: null }),
    },
  })
  const serverOf = (settings: Parameters<typeof adapter>[0]) =>
    createClient(adapter(settings)).server

  it("leaves client.server the same, unlike any other setting", () => {
    const { server } = createClient(adapter({}))
    expect(serverOf({ delay: "2h", version: "2", longest: "1h" })).toBe(server)
    expect(serverOf({ account: "mine" })).not.toBe(server)
    expect(serverOf({ baseUrl: "https://other.example" })).not.toBe(server)
    expect(serverOf({ extra: "1h" })).not.toBe(server)
  })
})

describe("a text", () => {
  const parsed = (setting: Setting.Setting<string, string, boolean>, input: unknown) =>
    Setting.parseSettings("acme", { project: setting }, input).project

  it("is required without a default", () => {
    const project = Setting.text("Project whose executions are read")
    expect(project).toMatchObject({ kind: "text", required: true, default: null, tunes: false })
    expect(parsed(project, { project: "etl" })).toBe("etl")
    expect(String(thrownBy(() => parsed(project, {})))).toContain(
      'The setting "project" of acme is missing.',
    )
    for (const input of ["", "ä", 7]) {
      expect(String(thrownBy(() => parsed(project, { project: input })))).toContain(
        "must be a text of printable ASCII",
      )
    }
  })

  it("is optional with a default", () => {
    const project = Setting.text("Project", { default: "all", tunes: true })
    expect(project).toMatchObject({ required: false, default: "all", tunes: true })
    expect(parsed(project, {})).toBe("all")
  })

  it("is required by the type of the settings", () => {
    const settings = {
      project: Setting.text("Project"),
      region: Setting.text("Region", { default: "eu" }),
    }
    type Given = Setting.SettingsInput<typeof settings>
    const given: Given = { project: "etl" }
    // @ts-expect-error: project is missing.
    const without: Given = { region: "us" }
    expect([given, without]).toHaveLength(2)
  })
})

describe("a printed connection", () => {
  it("prints a connection without its secret settings", () => {
    const connection = connect({ apiKey: "canary-1234" })
    expect(inspect(connection, { depth: 10, showHidden: true })).not.toContain("canary")
    expect(JSON.stringify(connection)).not.toContain("canary")
  })
})

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error("an error was expected")
}

it.each([
  ["dify", "apiKey", "DIFY_API_KEY"],
  ["acme-flow", "clientSecretV2", "ACME_FLOW_CLIENT_SECRET_V2"],
  ["n8n", "key", "N8N_KEY"],
])("derives for provider %s and setting %s the variable %s", (provider, setting, variable) => {
  expect(settingVariable(provider, setting)).toBe(variable)
})
