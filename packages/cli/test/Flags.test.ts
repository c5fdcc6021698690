import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { execlog } from "./Execlog.js"

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 3 } })
})

afterAll(() => simulator.stop())

const list = (...args: ReadonlyArray<string>) =>
  execlog(["list", "--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`, ...args], {
    environment: { DIFY_API_KEY: simulator.dify.apiKey },
  })

describe("a wrong flag", () => {
  it.each([
    [
      ["--status", "faild"],
      [
        '--status: "faild" is not a status. Did you mean failed?',
        "queued, running, waiting, succeeded, partial, failed, timed_out, canceled, skipped, unknown",
      ],
    ],
    [
      ["--status", "failed, cancelled"],
      [
        '--status: "cancelled" is not a status. Did you mean canceled?',
        "For a provider's own status, use --provider-status cancelled.",
      ],
    ],
    [
      ["--status", "!CRASHED"],
      [
        '--status: "CRASHED" is not a status. Did you mean failed?',
        "For a provider's own status, use --provider-status CRASHED.",
      ],
    ],
    [["--status", "blue"], ['--status: "blue" is not a status.\n  Write one or more of']],
    [
      ["--status", "!succeeded,failed"],
      [
        '--status: "!succeeded,failed" mixes statuses with and without !',
        "Write --status failed for these alone, or --status '!succeeded,!failed' for all but these.",
      ],
    ],
    [
      [
        "--status",
        "!queued,!running,!waiting,!succeeded,!partial,!failed,!timed_out,!canceled,!skipped,!unknown",
      ],
      ["excludes every status", "Leave one of them out."],
    ],
    [["--status", "!"], ['--status: a word is missing in "!"']],
    [
      ["--tag", ""],
      ["--tag is empty", "Give it a value, or leave it out."],
    ],
    [
      ["--tag", "x"],
      ["--tag: Dify cannot filter by tag", "Leave it out; execlog explain shows"],
    ],
    [["--provider-status", ""], ["--provider-status is empty"]],
    [
      ["--where", "state_name"],
      ['--where: "state_name" is not name=value.', "For example: --where state_name=Crashed"],
    ],
    [["--where", "=Crashed"], ['--where: "=Crashed" is not name=value.']],
    [
      ["--where", "a=1", "--where", "a=2"],
      ['--where: "a" is given two values', "Query one value at a time."],
    ],
    [
      ["--finished-since", "soon"],
      ['--finished-since: "soon" is not a valid time', "24h or 7d"],
    ],
    [
      ["--finished-since", "1h", "--finished-until", "2h"],
      ["The time range is empty: --finished-since", "is not before --finished-until"],
    ],
    [
      ["--finished-since", "24h"],
      ["--finished-since: Dify cannot filter by end", "Give --since as well"],
    ],
    [["--status", "failed,"], ['--status: a word is missing in "failed,"']],
    [
      ["--include", "steps,logs"],
      ['--include: "logs" is not a part', "steps, inputs, outputs, raw"],
    ],
    [
      ["--order", "random"],
      ['--order: "random"', "newest and oldest"],
    ],
    [
      ["--order", "oldest"],
      ["--order: Dify cannot list the oldest first", 'Leave it out, or use "newest".'],
    ],
    [
      ["--format", "xml"],
      ['--format: "xml"', "table, json, ndjson, csv"],
    ],
    [["--limit", "0"], ['--limit: "0" is not a whole number of at least 1, or all']],
    [
      ["--limit", "-1"],
      ['--limit: "-1" is not a whole number', "For example: --limit 50"],
    ],
    [["--limit", "1.5"], ['--limit: "1.5" is not a whole number']],
    [["--limit", ""], ['--limit: "" is not a whole number']],
    [["--page-size", "0"], ['--page-size: "0" is not a whole number']],
    [["--page-size", "-1"], ['--page-size: "-1" is not a whole number']],
    [
      ["--page-size", "1.5"],
      ['--page-size: "1.5" is not a whole number', "For example: --page-size 50"],
    ],
    [
      ["--page-size", "1000000"],
      [
        "--page-size: A page of 1000000 is too large: Dify returns at most 100",
        "\n  Use --page-size 100 or less.\n",
      ],
    ],
    [
      ["--since", "yesterday"],
      ['--since: "yesterday" is not a valid time', "ISO 8601", "24h or 7d"],
    ],
    [["--since", "2026-02-30"], ['--since: "2026-02-30" is not a valid time']],
    [["--until", "2026-11-21T25:00:00Z"], ['--until: "2026-11-21T25:00:00Z" is not a valid time']],
    [["--since", "99999999999d"], ["--since: 99999999999d is too long ago"]],
    [
      ["--since", "1d", "--until", "2d"],
      ["The time range is empty: --since", "is not before --until"],
    ],
    [["--since", "2026-11-21", "--until", "2026-11-21"], ["The time range is empty"]],
    [
      ["--workflow", ""],
      ["--workflow is empty", "Give it a value, or leave it out."],
    ],
    [
      ["--workflow", "x"],
      [
        "--workflow: Dify cannot filter by workflow: its log does not name the workflow.\n",
        "\n  Set the setting workflow to say which one the key belongs to.\n",
      ],
    ],
    [
      ["--cursor", "abc"],
      ["The cursor is malformed", "leave out --cursor to start at the beginning"],
    ],
    [
      ["--set", "apiKey=app-canary-top-secret"],
      ['"apiKey" of dify is a secret', "DIFY_API_KEY"],
    ],
    [["--set", "apikey=app-canary-top-secret"], ['dify has no setting "apikey"']],
    [["--set", "app-canary-top-secret"], ["--set: a = is missing between the name and the value"]],
    [["--set", "baseUrl=app-canary-top-secret"], ['The setting "baseUrl" of dify is not a URL']],
    [["--set", "retries=app-canary-top-secret"], ['the value of "retries" is not a number.']],
    [["--set", 'retries="app-canary-top-secret"'], ["--set: retries: Expected number"]],
    [
      ["--set", `workflow=${"[".repeat(50_000)}${"]".repeat(50_000)}`],
      ['the value of "workflow" is not JSON.'],
    ],
    [["--set", "workflow=app-canary-top-secret"], ['the value of "workflow" is not JSON.']],
    [["--set", 'workflow="app-canary-top-secret"'], ['The setting "workflow" of dify']],
    [
      ["--set", "baseURL=x"],
      ['dify has no setting "baseURL"', "apiKey, baseUrl"],
    ],
    [
      ["--set", "baseUrl"],
      ["--set baseUrl has no value.", "--set name=value"],
    ],
    [["--set", "timeoutMs"], ["--set timeoutMs has no value."]],
    [["--set", "=30000"], ["--set: a name is missing before the ="]],
    [["--set", "timeoutMs=soon"], ["\n  For example: --set timeoutMs=30000\n"]],
    [
      ["--search", "x".repeat(40)],
      ["Dify cuts the text to search for at 30 characters", "\n  Use at most 30 characters.\n"],
    ],
    [
      ["--set", "baseUrl=http://dify.example.com/v1"],
      ["the key would be sent unencrypted", "\n  Use https, or add --set allowHttp=true.\n"],
    ],
    [
      ["--set", "workflow=abc"],
      ['the value of "workflow" is not JSON', "--set 'workflow={"],
    ],
    [
      ["--set", "retries=abc"],
      ['the value of "retries" is not a number.', "For example: --set retries=3"],
    ],
    [
      ["--set", "allowHttp=yes"],
      ['the value of "allowHttp" is not true or false.', "For example: --set allowHttp=true"],
    ],
    [
      ["--set", 'workflow={"id":5}'],
      ['The setting "workflow" of dify', "id: Expected string"],
    ],
    [["--set", "retries=-1"], ["retries: Expected a whole number of at least 0"]],
    [
      ["--set", 'retries="x"'],
      ["--set: retries: Expected number", "numbers; allowHttp is true or false"],
    ],
    [
      ["--connection", "a"],
      ["--provider and --connection cannot be combined", "Name a configured connection with"],
    ],
    [["--config", "a.json"], ["--provider and --config cannot be combined"]],
    [
      ["--unknown"],
      ["execlog list has no flag --unknown.\n  execlog list --help shows the usage."],
    ],
    [["--statos=app-canary-top-secret"], ["no flag --statos.\n  Did you mean --status? execlog"]],
    [["--limit"], ["--limit has no value.\n  Write --limit <number>. execlog list --help shows"]],
    [["--\u001b[31m\u202e"], ["no flag --\\x1b[31m\\u202e.", "execlog list --help"]],
    [["surplus"], ["execlog list takes no arguments, and was given 1.", "execlog list --help"]],
  ])("rejects the arguments %j without a request", async (args, messages) => {
    const { code, stdout, stderr } = await list(...args)
    for (const message of messages) expect(stderr).toContain(message)
    expect(stderr).toMatch(/^execlog: /)
    expect(stderr).not.toContain("app-canary-top-secret")
    expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    expect(stderr.trimEnd().split("\n").length).toBeGreaterThan(1)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe("")
    expect(code).toBe(2)
    expect(simulator.requests).toHaveLength(0)
  })

  it.each([
    [
      ["lits"],
      ['There is no command "lits".\n  Did you mean list? execlog --help shows the usage.'],
    ],
    [["--lits"], ["execlog has no flag --lits.\n  execlog --help shows the usage."]],
    [
      ["list", "--provider", "n8m"],
      ['There is no adapter for "n8m".', "alloy, dify", "npm install execlog-adapter-n8m"],
    ],
    [
      ["list", "--provider", "difi"],
      ['There is no adapter for "difi".', "\n  Did you mean dify?\n"],
    ],
    [
      ["list", "--provider", "n8n"],
      ['n8n: The setting "baseUrl" of n8n is missing.', "Add --set baseUrl=…"],
    ],
    [["help", "nope"], ['execlog: There is no command "nope".\n  execlog --help shows the usage.']],
    [
      ["list", "--provider", "Dify"],
      ['"Dify" is not a provider id: ids are in lower case.', "Did you mean dify?"],
    ],
    [
      ["list", "--provider", "../secrets"],
      ['"../secrets" is not a provider id', "Ids are words such as dify or alloy."],
    ],
    [
      ["list", "--set", "a=b"],
      ["--set requires --provider", "in the configuration file"],
    ],
    [
      ["list", "--config", ""],
      ["--config is empty", "Name a file"],
    ],
    [
      ["help", "lits"],
      ['There is no command "lits".\n  Did you mean list? execlog --help shows the usage.'],
    ],
    [
      ["get"],
      [
        "execlog get needs <id>.\n  Add <id>: the execution's id, as list prints it.",
        "execlog get --help shows the usage.",
      ],
    ],
    [["get", "1", "2"], ["execlog get takes one argument, and was given 2."]],
    [
      ["record", "--provider", "dify"],
      ["--out is missing.\n  Add --out <dir>: the folder of the fixtures. execlog record --help"],
    ],
    [
      ["export", "--format", "csv"],
      ["There is no execlog.json", "DIFY_API_KEY=… execlog export --provider dify --format csv\n"],
    ],
    [
      ["get", "--", "-a b"],
      ["There is no execlog.json", "execlog get --provider dify -- '-a b'\n"],
    ],
    [
      ["explain", "--format", "csv"],
      ['--format: "csv"', "table, json, ndjson"],
    ],
    [
      ["providers", "--format", "csv"],
      ['--format: "csv"', "table, json, ndjson"],
    ],
  ])("rejects the arguments %j", async (args, messages) => {
    const environment = { N8N_API_KEY: "canary-n8n-1" }
    const { code, stdout, stderr } = await execlog(args, { environment })
    for (const message of messages) expect(stderr).toContain(message)
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })
})

describe("--limit", () => {
  it("accepts a limit above the number of executions", async () => {
    const { code, stdout, stderr } = await list("--limit", "1000000")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout.trimEnd().split("\n")).toHaveLength(3)
  })
})

describe("help", () => {
  it("prints the commands, examples and exit codes", async () => {
    const { code, stdout, stderr } = await execlog(["--help"])
    expect(stderr).toBe("")
    expect(code).toBe(0)
    for (const word of [
      "list",
      "get",
      "explain",
      "providers",
      "Examples:",
      "execlog.json",
      "130",
    ]) {
      expect(stdout).toContain(word)
    }
  })

  it("prints the flags of a command, with examples", async () => {
    const { code, stdout } = await execlog(["list", "--help"])
    expect(code).toBe(0)
    const flags = [
      "--workflow",
      "--status",
      "--tag",
      "--since",
      "--until",
      "--finished-since",
      "--finished-until",
      "--planned",
      "--provider-status",
      "--where",
      "--actor",
      "--search",
      "--order",
      "--limit",
      "--page-size",
      "--include",
      "--cursor",
      "--connection",
      "--config",
      "--provider",
      "--set",
      "--format",
      "--strict",
      "Examples:",
      "--set baseUrl=",
    ]
    for (const flag of flags) expect(stdout).toContain(flag)
  })

  it("prints the help of a command for execlog help", async () => {
    const { code, stdout, stderr } = await execlog(["help", "get"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain("Usage: execlog get ")
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "use this connection of the configuration; default: the only one",
    )
    expect((await execlog(["help"])).stdout).toContain("Usage: execlog ")
  })

  it("prints the usage and exits with 2 when the command is missing", async () => {
    const { code, stdout, stderr } = await execlog([])
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).toContain("Usage: execlog")
  })

  it("prints its version", async () => {
    const { code, stdout } = await execlog(["--version"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
  })
})
