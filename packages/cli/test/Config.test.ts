import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, execlog } from "./Execlog.js"

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 3 } })
})

afterAll(() => simulator.stop())

const listWith = (config: unknown, environment: { readonly [name: string]: string } = {}) =>
  execlog(["list"], { directory: directoryWith({ "execlog.json": config }), environment })

const connection = (settings: unknown, more = {}) => ({
  connections: { bot: { provider: "dify", settings, ...more } },
})

describe("a wrong configuration", () => {
  it.each([
    [
      "not JSON",
      '{\n  "connections": {\n    "bot": { "provider": dify-canary }\n  }\n}',
      ["execlog.json is not JSON: line 3, column 26"],
    ],
    ["a comma too many", '{ "connections": {}, }', ["execlog.json is not JSON: line 1, column 22"]],
    ["empty", "", ["execlog.json is not JSON: line 1, column 1"]],
    ["cut off", '{ "connections": {', ["execlog.json is not JSON: line 1, column 19"]],
    ...(
      [
        ["lists nested 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000)],
        ["objects nested 100,000 deep", '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)],
        ["100,000 lists that are never closed", "[".repeat(100_000)],
        ["100,000 objects that are never closed", '{"a":'.repeat(100_000)],
      ] as const
    ).map(([name, text]): [string, string, ReadonlyArray<string>] => [
      name,
      `{\n  "connections": ${text}`,
      [
        "execlog.json is nested deeper than 100 levels: line 2, column ",
        "a bracket is superfluous, or is never closed",
      ],
    ]),
    [
      "a text that is never closed",
      '{\n  "connections": { "bot',
      ["execlog.json is not JSON: line 2, column 20"],
    ],
    ["a list", [], ["execlog.json is not a valid configuration: Expected object"]],
    ["without connections", {}, ["connections: Missing key"]],
    ["no connection", { connections: {} }, ["execlog.json has no connection"]],
    ["an unknown key", { connections: {}, conections: {} }, ["conections: unknown key"]],
    [
      "an unknown key of a connection",
      connection({}, { setings: {} }),
      ["connections.bot.setings: unknown key"],
    ],
    [
      "an unknown key of the transport",
      connection({}, { transport: { timeout: 5 } }),
      ["connections.bot.transport.timeout: unknown key"],
    ],
    [
      "a text instead of a number",
      connection({}, { transport: { retries: "many" } }),
      ["connections.bot.transport.retries: Expected number"],
    ],
    [
      "a path to mask that leads nowhere",
      connection({ apiKey: "app-simulator-key" }, { redact: ["input.password"] }),
      ['bot (dify): "input.password" is not a path to mask', "Begin with workflow, error"],
    ],
    ["without a provider", { connections: { bot: {} } }, ["connections.bot.provider: Missing key"]],
    [
      "an empty address of the store",
      { connections: {}, store: "" },
      ["store: ", "It looks like { "],
    ],
    [
      "an unset variable",
      connection({ apiKey: "${NOT_THERE}" }),
      [
        "bot (dify): execlog.json: connections.bot.settings.apiKey: the environment variable NOT_THERE is not set",
        "export NOT_THERE=…",
      ],
    ],
    [
      "an unset variable further down",
      connection({ apiKey: "app-canary-k", workflow: { id: "a-${WORKFLOW}" } }),
      ["connections.bot.settings.workflow.id: the environment variable WORKFLOW is not set"],
    ],
    [
      "a variable name that is not valid",
      connection({ apiKey: "${my key}" }),
      ["${my key} does not name an environment variable"],
    ],
    [
      "a missing key",
      connection({}),
      [
        'bot (dify): The setting "apiKey" of dify is missing.',
        "Set the environment variable DIFY_API_KEY",
      ],
    ],
    [
      "an empty key",
      connection({ apiKey: "" }),
      [
        'bot (dify): execlog.json: connections.bot.settings.apiKey: The setting "apiKey" of dify is empty.',
        'Name a variable that is set: "apiKey": "${NAME}", or leave it out of the file and set DIFY_API_KEY.',
      ],
    ],
    [
      "a key that is null",
      connection({ apiKey: null }),
      ['execlog.json: connections.bot.settings.apiKey: The setting "apiKey" of dify is missing.'],
    ],
    [
      "a key of a misspelt name",
      connection({ apikey: "canary-k" }),
      [
        'bot (dify): execlog.json: connections.bot.settings.apikey: dify has no setting "apikey".',
        "Did you mean apiKey?",
      ],
    ],
    [
      "a key that no header can carry",
      connection({ apiKey: "canary ret" }),
      [
        'execlog.json: connections.bot.settings.apiKey: The setting "apiKey" of dify contains a space',
        "Correct the setting",
      ],
    ],
    [
      "an unknown setting",
      connection({ apiKey: "app-canary-k", url: "x" }),
      ['dify has no setting "url"', "apiKey, baseUrl"],
    ],
    [
      "an address that is not a URL",
      connection({ apiKey: "app-canary-k", baseUrl: "dify.example.com" }),
      [
        'execlog.json: connections.bot.settings.baseUrl: The setting "baseUrl" of dify is not a URL',
        "Correct the setting",
      ],
    ],
    [
      "plain http to another host",
      connection({ apiKey: "app-canary-k", baseUrl: "http://dify.example.com/v1" }),
      [
        '"baseUrl" of dify is plain http to dify.example.com',
        "Use https",
        '"transport": { "allowHttp": true }',
      ],
    ],
    [
      "an unknown provider",
      { connections: { bot: { provider: "difi" } } },
      ['bot (difi): There is no adapter for "difi"', "Did you mean dify?"],
    ],
    [
      "a package that is not installed",
      { connections: { bot: { provider: "dify", package: "our-dify" } } },
      ['The adapter for "dify" is not installed', "Install it: npm install our-dify"],
    ],
    ...["./adapter.js", "../adapter", "/tmp/adapter.mjs", "file:///tmp/adapter.mjs"]
      .concat("data:text/javascript,0", "https://example.com/a.js", "our-dify/lib/index.js")
      .concat("fs", "node:fs", "#own", "..", "a".repeat(215))
      .map((name): [string, object, ReadonlyArray<string>] => [
        `a package name that is not valid: ${name.slice(0, 30)}`,
        { connections: { bot: { provider: "dify", package: name } } },
        ["connections.bot.package: this is not a package name", "and not a path or a URL"],
      ]),
    [
      "a package that is not an adapter",
      { connections: { bot: { provider: "dify", package: "@execlog/core" } } },
      ["@execlog/core", "is not an execlog adapter"],
    ],
    [
      "a package of another provider",
      { connections: { bot: { provider: "n8n", package: "@execlog/dify" } } },
      ['contains the adapter for "dify", not for "n8n"'],
    ],
    [
      "a key beside the settings",
      { connections: { bot: { provider: "dify", apiKey: "app-canary-k" } } },
      ["connections.bot.apiKey: unknown key"],
    ],
    [
      "a key among the transport settings",
      connection({}, { transport: { apiKey: "app-canary-k", timeoutMs: "app-canary-k" } }),
      ["connections.bot.transport.apiKey: unknown key", "timeoutMs: Expected number"],
    ],
    [
      "a key for an address",
      connection({ apiKey: "app-canary-k", baseUrl: "https://app-canary-k@dify.example.com" }),
      ['The setting "baseUrl" of dify must not contain a user name or a password'],
    ],
    [
      "a transport out of range",
      connection({ apiKey: "app-canary-k" }, { transport: { timeoutMs: 0 } }),
      ["execlog.json", "timeoutMs: Expected a whole number of at least 1"],
    ],
    [
      "a header that holds the key",
      connection({ apiKey: "app-canary-k" }, { headers: { Authorization: "canary-2" } }),
      ['execlog.json: connections.bot: The header "Authorization" carries the key of dify'],
    ],
    [
      "a header of a variable that is not set",
      connection({ apiKey: "app-canary-k" }, { headers: { "x-gateway-key": "${NOT_THERE}" } }),
      ["connections.bot.headers.x-gateway-key: the environment variable NOT_THERE is not set"],
    ],
    [
      "a header that is not a text",
      connection({ apiKey: "app-canary-k" }, { headers: { "x-gateway-key": 7 } }),
      ["connections.bot.headers.x-gateway-key: Expected string"],
    ],
    [
      "headers among the transport settings",
      connection({ apiKey: "app-canary-k" }, { transport: { headers: { "x-key": "canary-2" } } }),
      ["connections.bot.transport.headers: unknown key"],
    ],
  ])("exits with 2, and says what is wrong and what to do: %s", async (_name, config, messages) => {
    const { code, stdout, stderr } = await listWith(config)
    for (const message of messages) expect(stderr).toContain(message)
    expect(stderr).toMatch(/^execlog: /)
    expect(stderr).not.toContain("canary")
    // The hint is on the line below the message.
    expect(stderr).toMatch(/\n {2}\S/)
    expect(stderr).not.toContain("canary ret")
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })

  it("names a missing configuration file", async () => {
    const { code, stderr } = await execlog(["list", "--config", "no/such.json"])
    expect(stderr).toContain("There is no configuration file no/such.json")
    expect(code).toBe(2)
  })

  it("says how to do without a configuration file, and does not search above the directory", async () => {
    const { code, stderr } = await execlog(["list"])
    expect(stderr).toContain("There is no execlog.json in ")
    expect(stderr).toContain("DIFY_API_KEY=… execlog list --provider dify")
    expect(code).toBe(2)
  })

  it("lists the configured connections when one is unknown", async () => {
    const directory = directoryWith({ "execlog.json": connection({}) })
    const { code, stderr } = await execlog(["list", "--connection", "bott"], { directory })
    expect(stderr).toContain('execlog.json has no connection "bott"')
    expect(stderr).toContain("Its connections are bot.")
    expect(code).toBe(2)
  })

  it("requires a single connection for --cursor", async () => {
    const directory = directoryWith({
      "execlog.json": { connections: { a: { provider: "dify" }, b: { provider: "dify" } } },
    })
    const { code, stderr } = await execlog(["list", "--cursor", "x"], { directory })
    expect(stderr).toContain(
      "--cursor needs a single connection, and 2 are selected: a (dify), b (dify)",
    )
    expect(code).toBe(2)
  })
})

describe("a configuration", () => {
  it("reads the file of --config, with variables and a byte order mark", async () => {
    const config = JSON.stringify(
      connection({ apiKey: "${KEY}", baseUrl: "http://127.0.0.1:${PORT}/v1/" }),
    )
    const directory = directoryWith({ "other.json": `\uFEFF${config}` })
    const { code, stderr, stdout } = await execlog(
      ["list", "--config", "other.json", "--limit", "2"],
      {
        directory,
        environment: { KEY: simulator.dify.apiKey, PORT: new URL(simulator.url).port },
      },
    )
    expect(code, stderr).toBe(0)
    expect(stdout.split("\n")).toHaveLength(3)
    expect(stderr).toContain(
      "execlog list --config other.json --connection bot --limit 2 --cursor ",
    )
  })

  it("takes the secret from the environment when the file has none", async () => {
    const { code } = await listWith(connection({ baseUrl: simulator.dify.baseUrl }), {
      DIFY_API_KEY: simulator.dify.apiKey,
    })
    expect(code).toBe(0)
  })

  it("masks the paths in redact", async () => {
    const settings = { apiKey: simulator.dify.apiKey, baseUrl: simulator.dify.baseUrl }
    const directory = directoryWith({
      "execlog.json": connection(settings, { redact: ["raw.**.version", "actor.id"] }),
    })
    const { code, stdout, stderr } = await execlog(["list", "--include", "raw"], { directory })
    expect(code, stderr).toBe(0)
    for (const line of stdout.trim().split("\n")) {
      const { actor, raw, workflow } = JSON.parse(line)
      expect(actor.id).toBe("<redacted>")
      expect(raw.workflow_run.version).toBe("<redacted>")
      expect(workflow.version).not.toBe("<redacted>")
    }
  })

  it("sends the headers for a gateway, and hides their values in messages", async () => {
    const seen: Array<unknown> = []
    const release = simulator.intercept(({ headers }) => {
      seen.push(headers["x-gateway-key"], headers["x-team"])
      return { status: 401, body: { message: `who is ${String(headers["x-gateway-key"])}?` } }
    })
    const settings = { apiKey: simulator.dify.apiKey, baseUrl: simulator.dify.baseUrl }
    const headers = { "X-Gateway-Key": "Token ${GATEWAY_KEY}", "x-team": "ops" }
    const { code, stderr } = await listWith(connection(settings, { headers }), {
      GATEWAY_KEY: "canary-gateway-1",
    })
    release()
    expect(seen).toEqual(["Token canary-gateway-1", "ops"])
    expect(stderr).toContain("with 401: who is <redacted>?")
    expect(code).toBe(3)
  })

  it("rejects an empty variable", async () => {
    const { code, stderr } = await listWith(connection({}), { DIFY_API_KEY: "" })
    expect(stderr).toContain('DIFY_API_KEY: The setting "apiKey" of dify is empty.')
    expect(code).toBe(2)
  })

  it.each([
    [{ apiKey: "${EMPTY}" }, 'apiKey (EMPTY is set to nothing): The setting "apiKey" of dify is'],
    [
      { apiKey: "app-canary-k", baseUrl: "${EMPTY}" },
      'baseUrl (EMPTY is set to nothing): The setting "baseUrl" of dify',
    ],
    [{}, 'bot (dify): DIFY_API_KEY: The setting "apiKey" of dify contains a space'],
  ])("names the variable that a wrong setting comes from: %j", async (settings, message) => {
    const { code, stderr } = await listWith(connection(settings), {
      EMPTY: "",
      DIFY_API_KEY: "canary ret",
    })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain("canary ret")
    expect(code).toBe(2)
  })

  it("prints the other connections when a variable is missing for one", async () => {
    const { code, stdout, stderr } = await listWith(
      {
        connections: {
          good: { provider: "dify", settings: { baseUrl: simulator.dify.baseUrl } },
          bad: { provider: "dify", settings: { apiKey: "${NOT_THERE}" } },
        },
      },
      { DIFY_API_KEY: simulator.dify.apiKey },
    )
    expect(stdout.trimEnd().split("\n")).toHaveLength(3)
    expect(stderr).toContain("bad (dify): ")
    expect(code).toBe(2)
  })
})
