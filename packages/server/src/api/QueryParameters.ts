import { ExecutionStatus, Include, type LogQuery } from "@execlog/core"
import * as Schema from "effect/Schema"

// A LogQuery as parameters of a URL. Those that are lists are repeated: status=failed&status=timed_out.

const Text = Schema.NonEmptyString.check(Schema.isMaxLength(1000))

/** A time: ISO 8601, or an age such as `24h`, which counts back from now. */
const Time = Schema.NonEmptyString.check(Schema.isMaxLength(100)).annotate({
  description: 'ISO 8601, in UTC unless it names a zone, or an age such as "24h"',
  examples: ["24h", "2026-11-30T00:00:00Z"],
})

/** An attribute and its value: `state_name=Late`. */
const Attribute = Schema.NonEmptyString.check(
  Schema.isMaxLength(1000),
  Schema.isPattern(/^[^=]+=/, { expected: "a name and a value, such as state_name=Late" }),
).annotate({ description: "a name and a value: state_name=Late", examples: ["state_name=Late"] })

const few = Schema.isMaxLength(100)

/** The parts of a query that select executions. */
export const filterParameters = {
  /** The names of connections. Default: all. */
  connection: Schema.optionalKey(Schema.Array(Text).check(few)),
  workflowId: Schema.optionalKey(Text),
  status: Schema.optionalKey(Schema.Array(ExecutionStatus).check(few)),
  actorId: Schema.optionalKey(Text),
  tag: Schema.optionalKey(Text),
  since: Schema.optionalKey(Time),
  until: Schema.optionalKey(Time),
  finishedSince: Schema.optionalKey(Time),
  finishedUntil: Schema.optionalKey(Time),
  planned: Schema.optionalKey(Schema.Boolean),
  providerStatus: Schema.optionalKey(Text),
  attribute: Schema.optionalKey(Schema.Array(Attribute).check(few)),
  gone: Schema.optionalKey(Schema.Literals(["exclude", "only", "include"])),
}

/** The parts of a query besides its filters. */
export const listParameters = {
  ...filterParameters,
  order: Schema.optionalKey(Schema.Literals(["newest", "oldest"])),
  include: Schema.optionalKey(Schema.Array(Include).check(few)),
}

const Filters = Schema.Struct(filterParameters)
type Filters = typeof Filters.Type

const List = Schema.Struct(listParameters)

/** The query that the parameters of a list stand for. */
export const queryOf = (parameters: Partial<typeof List.Type>): LogQuery => {
  const { attribute = [], connection: _, gone: __, ...query } = parameters
  return attribute.length === 0 ? query : { ...query, attributes: attributesOf(attribute) }
}

/** The scope that the parameters of a list stand for. */
export const scopeOf = ({ connection, gone }: Pick<Filters, "connection" | "gone">) => ({
  ...(connection === undefined ? {} : { connections: connection }),
  ...(gone === undefined ? {} : { gone }),
})

const attributesOf = (written: ReadonlyArray<string>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    written.map((one) => {
      const end = one.indexOf("=")
      return [one.slice(0, end), one.slice(end + 1)]
    }),
  )
