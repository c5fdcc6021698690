import { readdir, readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Include, type Json, type LogQuery, ExecutionStatus } from "@execlog/core"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const JsonValue: Schema.Codec<Json> = Schema.Json
const text = Schema.optionalKey(Schema.String)
const flag = Schema.optionalKey(Schema.Literal(true))

const Exchange = Schema.Struct({
  scope: Schema.String,
  method: Schema.String,
  path: Schema.String,
  reqheaders: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  body: Schema.optionalKey(JsonValue),
  status: Schema.Number,
  response: Schema.optionalKey(JsonValue),
  rawHeaders: Schema.optionalKey(Schema.Array(Schema.String)),
})

/** A request and its answer, in the shape that nock defines. */
export type Exchange = typeof Exchange.Type

const Get = Schema.Struct({ get: Schema.String })

const Query = Schema.Struct({
  workflowId: text,
  status: Schema.optionalKey(Schema.Array(ExecutionStatus)),
  actorId: text,
  tag: text,
  since: text,
  until: text,
  finishedSince: text,
  finishedUntil: text,
  planned: Schema.optionalKey(Schema.Boolean),
  providerStatus: text,
  attributes: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  ),
  search: text,
  order: Schema.optionalKey(Schema.Literals(["newest", "oldest"])),
  include: Schema.optionalKey(Schema.Array(Include)),
  pageSize: Schema.optionalKey(Schema.Number),
} as const satisfies Readonly<Record<keyof LogQuery, unknown>>)

const FixtureFields = Schema.Struct({
  provenance: Schema.Struct({
    /** A real server's answer, the provider's published example, or an answer of the simulator. */
    kind: Schema.Literals(["recorded", "documented", "simulated"]),
    provider: Schema.String,
    version: text,
    recordedAt: text,
    server: text,
    what: text,
    document: text,
    url: text,
    /** Which values were replaced, such as `names and addresses`. */
    changed: text,
    note: text,
    /** Fixtures of one dataset contain the same executions. */
    dataset: text,
    /** The values are a documentation's placeholders: times and durations mean nothing. */
    placeholders: flag,
  }),
  now: Schema.String,
  settings: Schema.optionalKey(Schema.Record(Schema.String, JsonValue)),
  query: Schema.Union([Get, Query]),
  /** Whether the responses are replayed to any request. */
  request: Schema.optionalKey(Schema.Literal("any")),
  /** Whether the exchanges are only the beginning of a walk. */
  excerpt: flag,
  exchanges: Schema.Array(Exchange).check(Schema.isMinLength(1)),
  /** The exchanges of walks resumed inside a page, after a number of executions. */
  resumed: Schema.optionalKey(
    Schema.Array(Schema.Struct({ after: Schema.Number, exchanges: Schema.Array(Exchange) })),
  ),
  expect: Schema.optionalKey(
    Schema.Struct({
      reason: text,
      status: Schema.optionalKey(Schema.Number),
      providerMessage: text,
      /** Why the filter disagrees with the unfiltered fixture of the same dataset. */
      differs: text,
      /** The code of the walk's expected warning. */
      warning: text,
      /** The provider's status word that is expected to be unknown. */
      unknownStatus: text,
    }),
  ),
})

/** Recorded, documented or simulated exchanges, with the query that they answer. */
export interface Fixture extends Schema.Schema.Type<typeof FixtureFields> {
  /** The file's name without `.json`. */
  readonly name: string
}

const decode = Schema.decodeUnknownResult(FixtureFields, {
  errors: "all",
  onExcessProperty: "error",
})

/** Reads the text of a fixture. Throws an error that names its place and what is wrong. */
export const readFixture = (text: string, name: string, place = name): Fixture => {
  const decoded = decode(JSON.parse(text))
  if (Result.isFailure(decoded)) {
    throw new Error(`${place} is not a fixture: ${String(decoded.failure)}`)
  }
  return { ...decoded.success, name }
}

/** Reads a fixture file. Throws an error that names the file and what is wrong. */
export const loadFixture = async (path: string): Promise<Fixture> =>
  readFixture(await readFile(path, "utf8"), basename(path, ".json"), path)

/** Reads all fixtures of a folder, by name. */
export const loadFixtures = async (folder: URL): Promise<ReadonlyArray<Fixture>> => {
  const path = fileURLToPath(folder)
  const names = (await readdir(path)).filter((name) => name.endsWith(".json")).toSorted()
  if (names.length === 0) throw new Error(`${path} contains no fixtures`)
  return Promise.all(names.map((name) => loadFixture(join(path, name))))
}

/** The requested id of a `get` fixture; null for a list. */
export const idOf = ({ query }: Fixture): string | null => ("get" in query ? query.get : null)

/** The query of a list; null for a `get`. */
export const listQueryOf = ({ query }: Fixture): LogQuery | null => ("get" in query ? null : query)

/** Whether a fixture contains an error response. */
export const isErrorFixture = ({ expect }: Fixture): boolean => expect?.reason !== undefined
