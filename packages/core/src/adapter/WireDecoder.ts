import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { issuesIn, issuesText, type ValueIssue } from "../model/Issue.js"

/**
 * A guard for a wire schema, built once from plain closures. It agrees with `Schema.is`, is many
 * times as fast, and needs no generated code, which browsers and edge workers may forbid. Schemas
 * that it does not know are left to `Schema.is`.
 */
export const wireGuard = (ast: SchemaAST.AST): Guard => {
  const verdicts = verdictsOf(ast)
  return (value) => passes(verdicts, value)
}

type Guard = (value: unknown) => boolean

/** The guard of each type of value: nearly always nothing more than the type itself. */
interface Verdicts {
  readonly string: Guard
  readonly number: Guard
  readonly boolean: Guard
  readonly null: Guard
  readonly object: Guard
  readonly other: Guard
}

const always: Guard = () => true
const never: Guard = () => false

const nothing: Verdicts = {
  string: never,
  number: never,
  boolean: never,
  null: never,
  object: never,
  other: never,
}

const allBy = (guard: Guard): Verdicts => ({
  string: guard,
  number: guard,
  boolean: guard,
  null: guard,
  object: guard,
  other: guard,
})

const anything = allBy(always)

const passes = (verdicts: Verdicts, value: unknown): boolean => {
  // Compared before they are called: a call costs more than all the rest.
  if (typeof value === "string") return verdicts.string === always || verdicts.string(value)
  if (value === null) return verdicts.null === always || verdicts.null(value)
  if (typeof value === "number") return verdicts.number === always || verdicts.number(value)
  if (typeof value === "boolean") return verdicts.boolean === always || verdicts.boolean(value)
  return typeof value === "object" ? verdicts.object(value) : verdicts.other(value)
}

const verdictsOf = (ast: SchemaAST.AST): Verdicts => {
  // A transformation changes what it reads: only the decoder may accept it.
  if (ast.encoding !== undefined) return nothing
  switch (ast._tag) {
    case "Unknown":
      return allBy(withChecks(ast, always))
    case "String":
      return { ...nothing, string: withChecks(ast, always) }
    case "Number":
      return { ...nothing, number: withChecks(ast, always) }
    case "Boolean":
      return { ...nothing, boolean: withChecks(ast, always) }
    case "Null":
      return { ...nothing, null: withChecks(ast, always) }
    case "Literal":
      return allBy(withChecks(ast, (value) => value === ast.literal))
    case "Union":
      return ast.options?.mode === "oneOf" || ast.checks !== undefined
        ? allBy(interpreted(ast))
        : ast.types.map(verdictsOf).reduce(either, nothing)
    case "Arrays":
      return { ...nothing, object: arrayGuard(ast) }
    case "Objects":
      return { ...nothing, object: withChecks(ast, objectGuard(ast)) }
    default:
      return allBy(interpreted(ast))
  }
}

const either = (some: Verdicts, others: Verdicts): Verdicts => ({
  string: eitherGuard(some.string, others.string),
  number: eitherGuard(some.number, others.number),
  boolean: eitherGuard(some.boolean, others.boolean),
  null: eitherGuard(some.null, others.null),
  object: eitherGuard(some.object, others.object),
  other: eitherGuard(some.other, others.other),
})

const eitherGuard = (some: Guard, other: Guard): Guard => {
  if (some === always || other === never) return some
  if (other === always || some === never) return other
  return (value) => some(value) || other(value)
}

const noOptions: SchemaAST.ParseOptions = {}

const interpreted = (ast: SchemaAST.AST): Guard => Schema.is(Schema.make<Schema.Top>(ast))

const withChecks = (ast: SchemaAST.AST, guard: Guard): Guard => {
  const { checks } = ast
  if (checks === undefined) return guard
  const filters = checks.filter((check) => check._tag === "Filter")
  if (filters.length < checks.length) return interpreted(ast)
  const [only, ...more] = filters
  // Nearly all schemas have one check or none: a closure of its own is a third faster.
  if (only === undefined || more.length > 0) {
    return (value) => guard(value) && filters.every((filter) => !filter.run(value, ast, noOptions))
  }
  const isGood = plainChecks.get(only) ?? ((value) => !only.run(value, ast, noOptions))
  return guard === always ? isGood : (value) => guard(value) && isGood(value)
}

/** The checks that nearly all items have. As filters they would take as long as everything else. */
const plainChecks: ReadonlyMap<unknown, Guard> = new Map(
  [
    { schema: Schema.Finite, isGood: Number.isFinite },
    { schema: Schema.NonEmptyString, isGood: (text: unknown) => text !== "" },
  ].flatMap(({ schema, isGood }) => (schema.ast.checks ?? []).map((check) => [check, isGood])),
)

const arrayGuard = (ast: SchemaAST.Arrays): Guard => {
  const [rest, ...more] = ast.rest
  if (rest === undefined || more.length > 0 || ast.elements.length > 0) return interpreted(ast)
  const element = verdictsOf(rest)
  return withChecks(
    ast,
    element === anything
      ? Array.isArray
      : (value) => Array.isArray(value) && value.every((item) => passes(element, item)),
  )
}

/**
 * A key of an object and the guards of its value. A key that the schema does not name accepts
 * anything.
 */
interface Field {
  readonly name: string
  readonly verdicts: Verdicts
}

/** The keys of an object, in order. A provider's rows nearly all have the same ones. */
type Shape = ReadonlyArray<Field>

// Rows of further shapes are read by name, as the first row of each shape is.
const mostShapes = 4

const objectGuard = (ast: SchemaAST.Objects): Guard => {
  if (ast.indexSignatures.length > 0) return interpreted(ast)
  const fields = new Map<PropertyKey, Verdicts>()
  const required: Array<PropertyKey> = []
  for (const { name, type } of ast.propertySignatures) {
    fields.set(name, verdictsOf(type))
    if (type.context?.isOptional !== true) required.push(name)
  }
  const isGood = (value: Readonly<Record<PropertyKey, unknown>>): boolean => {
    for (const [name, verdicts] of fields) {
      const field = value[name]
      if (field === undefined && !(name in value)) continue
      if (!passes(verdicts, field)) return false
    }
    return required.every((name) => name in value)
  }
  const shapes: Array<Shape> = []
  const learn = (value: Readonly<Record<PropertyKey, unknown>>): void => {
    const names = Object.keys(value)
    // JSON.parse returns no hidden or inherited keys; an object with one is not a pattern for
    // others.
    if (!required.every((name) => typeof name === "string" && names.includes(name))) return
    shapes.push(names.map((name) => ({ name, verdicts: fields.get(name) ?? anything })))
  }
  return (value) => {
    if (!isRecord(value)) return false
    for (const shape of shapes) {
      const verdict = passesAs(shape, value)
      if (verdict !== null) return verdict
    }
    if (!isGood(value)) return false
    if (shapes.length < mostShapes) learn(value)
    return true
  }
}

/**
 * Whether an object of a shape is valid; null if it has another shape. Reading the keys in their
 * own order lets the engine find each value by its place, without a lookup.
 */
const passesAs = (shape: Shape, value: Readonly<Record<PropertyKey, unknown>>): boolean | null => {
  let place = 0
  for (const name in value) {
    const field = shape[place++]
    if (field === undefined || field.name !== name) return null
    if (!passes(field.verdicts, value[name])) return false
  }
  return place === shape.length ? true : null
}

const isRecord = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * The outcome of decoding an unknown value: plain data, so that two copies of core can exchange it.
 */
export type Decoded<A> =
  | { readonly ok: true; readonly value: A }
  | {
      readonly ok: false
      readonly reason: string
      /** The issues, if a schema reports them. Absent in adapters with an older core. */
      readonly issues?: ReadonlyArray<ValueIssue> | undefined
    }

/**
 * A reader for a wire schema. The guard runs first, since nearly all items are valid and it neither
 * copies nor explains; the slower decoder runs only to report what is wrong.
 */
export const decoder = <A>(schema: Schema.Codec<A>): ((value: unknown) => Decoded<A>) => {
  const isGood = wireGuard(schema.ast)
  const explain = Schema.decodeUnknownResult(schema, { errors: "all" })
  return (value) => {
    // The guard has checked it.
    if (isGood(value)) return { ok: true, value: value as A }
    const result = explain(value)
    if (Result.isSuccess(result)) return { ok: true, value: result.success }
    const issues = issuesIn(value, result.failure.issue)
    return { ok: false, reason: issuesText(issues), issues }
  }
}
