import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { makeExecutions, makeLog } from "../src/effect.js"
import { AdapterError, createClient, createLog, type Subject } from "../src/index.js"
import { sampleClient, pagesByOffset } from "./SampleProvider.js"

/** Plain JavaScript may call with anything. */
type Anything = (...args: ReadonlyArray<unknown>) => unknown
interface Callable {
  readonly [method: string]: Anything
}

const sampleConnection = pagesByOffset({ apiKey: "canary-sample-1" })
const newClient = () => sampleClient("pagesByOffset", { rows: [] }, { name: "shop" })

// The compiler would reject the calls below, which is what they are about.
const client = newClient() as unknown as Callable
const log = createLog([newClient()]) as unknown as Callable
const prepared = newClient().prepare() as unknown as Callable
const preparedLog = createLog([newClient()]).prepare() as unknown as Callable
const creating = { createClient, createLog, makeExecutions, makeLog } as unknown as Callable
const effectClient = newClient().effect as unknown as Callable
const effectLog = createLog([newClient()]).effect as unknown as Callable

const argument = (name: string): Subject => ({ kind: "argument", name })
const option = (name: string): Subject => ({ kind: "option", name })

type Call = readonly [method: string, args: ReadonlyArray<unknown>, subject: Subject]

/** The same wrong options of methods that take them as argument number `at`. */
const wrongOptions = (method: string, before: ReadonlyArray<unknown>): ReadonlyArray<Call> => [
  ...[null, "bot", 5, [], () => {}].map((options): Call => [
    method,
    [...before, options],
    argument("options"),
  ]),
  ...[null, 5, "x", {}].map((signal): Call => [method, [...before, { signal }], option("signal")]),
]

const wrongValues = (
  method: string,
  before: ReadonlyArray<unknown>,
  values: { readonly [name: string]: ReadonlyArray<unknown> },
): ReadonlyArray<Call> =>
  Object.entries(values).flatMap(([name, wrong]) =>
    wrong.map((value): Call => [method, [...before, { [name]: value }], option(name)]),
  )

const wrongQueries = (method: string): ReadonlyArray<Call> =>
  [null, "failed", 5].map((query): Call => [method, [query], argument("query")])

const listeners = { onRejected: [null, 5, "x"], onWarning: [null, {}] }
const ofPages = {
  cursor: [5, {}],
  parallelWindows: [0, -1, 1.5, "2", null],
  listedSince: [null, "24h", 5, new Date(Number.NaN)],
}
const ofExecutions = {
  ...ofPages,
  ...listeners,
  limit: [0, -1, "x", Number.NaN, null, 1.5],
  details: [null, "some", 5],
}
const ofFollow = {
  ...listeners,
  intervalMs: [0, null, "5"],
  since: [null, "24h", new Date(Number.NaN)],
  lookBackMs: [-1, null],
  staleAfterMs: [-1, null],
  details: [null, "some"],
}
const ofGet = { include: ["raw", null, ["rows"], [5]], onWarning: [null, 5] }

const ofClient: ReadonlyArray<Call> = [
  ...["executions", "entries", "pages", "page", "prepare", "explain", "follow"].flatMap(
    wrongQueries,
  ),
  ["reread", [[], null], argument("query")],
  ["page", [{}, 5], option("cursor")],
  ...["executions", "entries"].flatMap((method) => [
    ...wrongOptions(method, [{}]),
    ...wrongValues(method, [{}], ofExecutions),
  ]),
  ...wrongOptions("pages", [{}]),
  ...wrongValues("pages", [{}], ofPages),
  ...wrongOptions("page", [{}, null]),
  ...wrongOptions("follow", [{}]),
  ...wrongValues("follow", [{}], ofFollow),
  ...[undefined, null, 5, {}].map((id): Call => ["get", [id], argument("id")]),
  ...wrongOptions("get", ["1"]),
  ...wrongValues("get", ["1"], ofGet),
  ...[undefined, null, "abc", {}, [5]].map((ids): Call => ["getMany", [ids], argument("ids")]),
  ...wrongOptions("getMany", [["1"]]),
  ...wrongValues("getMany", [["1"]], { include: ["raw", null, ["rows"]] }),
  ...[undefined, null, "abc", ["abc"], [null]].map((executions): Call => [
    "complete",
    [executions],
    argument("executions"),
  ]),
  ...wrongOptions("complete", [[]]),
  ...wrongValues("complete", [[]], { include: ["raw", null], details: [null, "some"] }),
  ...[undefined, null, "abc", {}].map((items): Call => ["reread", [items], argument("items")]),
  ...wrongOptions("reread", [[], {}]),
  ...[undefined, null, "abc", {}].map((execution): Call => [
    "idToGet",
    [execution],
    argument("execution"),
  ]),
]

const ofLog: ReadonlyArray<Call> = [
  ...["executions", "entries", "pages", "page", "follow", "prepare", "explain"].flatMap(
    wrongQueries,
  ),
  ...[null, "bot", 5].map((options): Call => ["prepare", [{}, options], argument("options")]),
  ...wrongValues("prepare", [{}], { onFailure: [null, 5] }),
  ["page", [{}, 5], option("cursor")],
  ["page", [{ pageSize: 0 }], { kind: "query", name: "pageSize" }],
  ...["executions", "entries"].flatMap((method) => [
    ...wrongOptions(method, [{}]),
    ...wrongValues(method, [{}], { ...ofExecutions, onFailure: [null, 5] }),
  ]),
  ...wrongOptions("pages", [{}]),
  ...wrongValues("pages", [{}], { cursor: [5] }),
  ...wrongOptions("page", [{}, null]),
  ...wrongOptions("follow", [{}]),
  ...wrongValues("follow", [{}], { ...ofFollow, onFailure: [null, 5] }),
  ...[undefined, null, 5].map((id): Call => ["get", [id], argument("id")]),
  ...wrongOptions("get", ["1"]),
  ...wrongValues("get", ["1"], { ...ofGet, connection: [null, 5] }),
]

const ofPrepared: ReadonlyArray<Call> = [
  ...wrongOptions("executions", []),
  ...wrongValues("executions", [], ofExecutions),
  ...wrongOptions("entries", []),
  ...wrongOptions("pages", []),
  ...wrongValues("pages", [], ofPages),
  ["page", [5], option("cursor")],
  ...wrongOptions("page", [null]),
]

const ofPreparedLog: ReadonlyArray<Call> = [
  ...wrongOptions("executions", []),
  ...wrongValues("entries", [], { ...ofExecutions, onFailure: [null, 5] }),
  ...wrongOptions("pages", []),
  ["page", [5], option("cursor")],
  ...wrongOptions("page", [null]),
]

const settings = {
  name: [5, null, ""],
  transport: [null, 5, "x"],
  redact: [null, 5],
}
const ofCreating: ReadonlyArray<Call> = [
  ...["createClient", "makeExecutions"].flatMap((method): ReadonlyArray<Call> => [
    ...[undefined, null, 5, {}, pagesByOffset].map((connection): Call => [
      method,
      [connection],
      argument("connection"),
    ]),
    ...[null, "bot", 5, []].map((options): Call => [
      method,
      [sampleConnection, options],
      argument("options"),
    ]),
    ...wrongValues(method, [sampleConnection], settings),
  ]),
  ...wrongValues("createClient", [sampleConnection], { fetch: [5, null, "x"] }),
  ...[undefined, null, "abc", {}, [], [null], [{}], [newClient().effect]].map((clients): Call => [
    "createLog",
    [clients],
    argument("clients"),
  ]),
  ["createLog", [[newClient()], { limit: 5 }], option("limit")],
  ["createLog", [[newClient()], null], argument("options")],
  ...[undefined, null, "abc", [], [null], [newClient()]].map((connections): Call => [
    "makeLog",
    [connections],
    argument("connections"),
  ]),
  ["makeLog", [[newClient().effect], { limit: 5 }], option("limit")],
]

/** The error of a call, whether it throws, rejects or comes from an iterable, a Stream or an Effect. */
const errorOf = async (call: () => unknown): Promise<unknown> => {
  try {
    const returned = call()
    if (Stream.isStream(returned)) {
      await Effect.runPromise(Stream.runDrain(returned as Stream.Stream<unknown>))
    } else if (Effect.isEffect(returned)) {
      await Effect.runPromise(returned as Effect.Effect<unknown>)
    } else if (isIterable(returned)) for await (const one of returned) expect(one).toBeDefined()
    else await returned
  } catch (error) {
    return error
  }
  throw new Error("It did not fail.")
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value

const named = (calls: ReadonlyArray<Call>) =>
  calls.map(
    ([method, args, subject]) =>
      [`${method}(${args.map(shown).join(", ")})`, method, args, subject] as const,
  )

const shown = (value: unknown): string =>
  typeof value === "object" && value !== null && "provider" in value
    ? "…"
    : (JSON.stringify(value) ?? String(value)).slice(0, 60)

describe.each<[string, Callable, ReadonlyArray<Call>]>([
  ["a client", client, ofClient],
  ["a prepared query", prepared, ofPrepared],
  ["a log", log, ofLog],
  ["a prepared log", preparedLog, ofPreparedLog],
  ["the entry points", creating, ofCreating],
])("a wrong call of %s", (_, target, calls) => {
  it.each(named(calls))(
    "fails with its subject and the caller's line when it is %s",
    async (_name, method, args, subject) => {
      const error = await errorOf(() => target[method]?.(...args))
      expect(error).toBeInstanceOf(AdapterError)
      expect(error).toMatchObject({ subject, attempts: 0 })
      expect(error).toMatchObject({ reason: expect.stringMatching(/^Invalid(Query|Settings)$/) })
      const [, second] = error instanceof Error ? (error.stack?.split("\n") ?? []) : []
      expect(second).toContain("WrongCalls.test.ts")
    },
  )
})

describe.each<[string, Callable, ReadonlyArray<Call>]>([
  ["a client", effectClient, ofClient],
  ["a log", effectLog, ofLog],
])("a wrong call of the Effect face of %s", (_, target, calls) => {
  // Interruption replaces the signal there, and `page` and `reread` have no options.
  const withoutOptions = ["page", "reread"]
  const own = calls.filter(
    ([method, , { name }]) =>
      name !== "signal" && !(withoutOptions.includes(method) && name === "options"),
  )
  it.each(named(own))(
    "fails with its subject when it is %s",
    async (_name, method, args, subject) => {
      const error = await errorOf(() => target[method]?.(...args))
      expect(error).toBeInstanceOf(AdapterError)
      expect(error).toMatchObject({ subject, attempts: 0 })
    },
  )
})

describe("the message of a wrong call", () => {
  it.each<[string, Callable, string, ReadonlyArray<unknown>, string]>([
    [
      "a missing id",
      client,
      "get",
      [undefined],
      "The argument id of get is missing: it must be a text.",
    ],
    [
      "an array that is a text",
      client,
      "getMany",
      ["abc"],
      'The argument ids of getMany must be an array of ids, each a text, not "abc".',
    ],
    [
      "null as options",
      client,
      "executions",
      [{}, null],
      "The argument options of executions must be an object, not null.",
    ],
    [
      "a limit that is not a number",
      log,
      "executions",
      [{}, { limit: Number.NaN }],
      "The option limit must be a whole number of at least 1, not NaN.",
    ],
    [
      "a text as the options of a client, without quoting it",
      creating,
      "createClient",
      [sampleConnection, "canary-bot"],
      "The argument options of createClient must be an object, not a text.",
    ],
  ])("names %s", async (_, target, method, args, message) => {
    expect(await errorOf(() => target[method]?.(...args))).toMatchObject({ message })
  })

  it("says that a log has no options, and where the option belongs", async () => {
    const error = await errorOf(() => creating["createLog"]?.([newClient()], { limit: 5 }))
    expect(error).toMatchObject({
      reason: "InvalidSettings",
      message: 'createLog has no option "limit".',
      hint: { text: "limit is an option of executions: executions(query, { limit })." },
    })
  })
})
