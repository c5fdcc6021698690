import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

/**
 * A guard for a wire schema, made once of plain closures. It says what `Schema.is` says, several
 * times as fast, and needs no generated code, which browsers and edge workers may forbid. What it
 * does not know is left to `Schema.is`.
 */
export const wireGuard = (ast: SchemaAST.AST): Guard => {
  // A transformation changes what it reads: only the decoder may let it pass.
  if (ast.encoding !== undefined) return () => false
  switch (ast._tag) {
    case "Unknown":
      return withChecks(ast, () => true)
    case "String":
      return withChecks(ast, (value) => typeof value === "string")
    case "Number":
      return withChecks(ast, (value) => typeof value === "number")
    case "Boolean":
      return withChecks(ast, (value) => typeof value === "boolean")
    case "Null":
      return withChecks(ast, (value) => value === null)
    case "Literal":
      return withChecks(ast, (value) => value === ast.literal)
    case "Union":
      return ast.options?.mode === "oneOf" ? interpreted(ast) : withChecks(ast, unionGuard(ast))
    case "Arrays":
      return arrayGuard(ast)
    case "Objects":
      return ast.indexSignatures.length > 0 ? interpreted(ast) : withChecks(ast, objectGuard(ast))
    default:
      return interpreted(ast)
  }
}

type Guard = (value: unknown) => boolean

const noOptions: SchemaAST.ParseOptions = {}

const interpreted = (ast: SchemaAST.AST): Guard => Schema.is(Schema.make<Schema.Top>(ast))

const withChecks = (ast: SchemaAST.AST, guard: Guard): Guard => {
  const { checks } = ast
  if (checks === undefined) return guard
  const filters = checks.filter((check) => check._tag === "Filter")
  if (filters.length < checks.length) return interpreted(ast)
  const [only, ...more] = filters
  // Nearly all have one check, or none: a closure of its own is a third faster.
  return only === undefined || more.length > 0
    ? (value) => guard(value) && filters.every((filter) => !filter.run(value, ast, noOptions))
    : (value) => guard(value) && only.run(value, ast, noOptions) === undefined
}

const unionGuard = (ast: SchemaAST.Union): Guard => {
  const members = ast.types.map(wireGuard)
  const [first, second] = members
  // Nearly all unions are a type or null: these two are worth a closure of their own.
  if (members.length === 2 && first !== undefined && second !== undefined) {
    return (value) => first(value) || second(value)
  }
  return (value) => members.some((member) => member(value))
}

const arrayGuard = (ast: SchemaAST.Arrays): Guard => {
  const [rest, ...more] = ast.rest
  if (rest === undefined || more.length > 0 || ast.elements.length > 0) return interpreted(ast)
  const element = wireGuard(rest)
  return withChecks(ast, (value) => Array.isArray(value) && value.every((item) => element(item)))
}

const objectGuard = (ast: SchemaAST.Objects): Guard => {
  const fields = ast.propertySignatures.map(({ name, type }) => ({
    name,
    isOptional: type.context?.isOptional === true,
    guard: wireGuard(type),
  }))
  return (value) => {
    if (!isRecord(value)) return false
    for (const { name, isOptional, guard } of fields) {
      const field = value[name]
      if (field === undefined && !(name in value)) {
        if (isOptional) continue
        return false
      }
      if (!guard(field)) return false
    }
    return true
  }
}

const isRecord = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
