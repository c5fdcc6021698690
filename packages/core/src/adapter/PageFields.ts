import * as Schema from "effect/Schema"
import type { PageInfo } from "./Connection.js"
import { maybe } from "./Wire.js"
import { type Decoded, decoder } from "./WireDecoder.js"

/**
 * The name of a field, or its path with dots: `"data"`, `"pagination.total"`. If a name contains a
 * dot itself, use a list: `["@odata.nextLink"]`.
 */
export type FieldPath = string | ReadonlyArray<string>

/** The names of a page's fields. */
export interface PageFields {
  /** The list of items. */
  readonly items: FieldPath
  /** Whether more pages follow: true or false. Default: unknown. */
  readonly more?: FieldPath
  /** How many items there are in total. Default: unknown. */
  readonly total?: FieldPath
  /** The cursor or URL of the next page; null, empty or absent at the end. */
  readonly next?: FieldPath
}

/** Reads a response that is the list of items itself. */
export const readItems: (body: unknown) => Decoded<ReadonlyArray<unknown>> = decoder(
  Schema.Array(Schema.Unknown),
)

/** Reads pages by the names of their fields. All fields but the items may be null or missing. */
export const pageReader = (fields: PageFields): ((body: unknown) => Decoded<PageInfo>) => {
  const { items, more, total, next } = fields
  const optional = [
    { name: more, schema: Schema.Boolean },
    { name: total, schema: Schema.Finite },
    { name: next, schema: Schema.String },
  ]
  const page = decoder(
    structOf([
      { path: namesOf(items), schema: Schema.Array(Schema.Unknown), isRequired: true },
      ...optional.flatMap(({ name, schema }) =>
        name === undefined ? [] : [{ path: namesOf(name), schema, isRequired: false }],
      ),
    ]),
  )
  return (body) => {
    const decoded = page(body)
    if (!decoded.ok) return decoded
    const list = valueAt(body, items)
    const isMore = valueAt(body, more)
    const count = valueAt(body, total)
    const named = valueAt(body, next)
    return {
      ok: true,
      value: {
        items: Array.isArray(list) ? list : [],
        more: typeof isMore === "boolean" ? isMore : null,
        total: typeof count === "number" ? count : null,
        next: typeof named === "string" ? named || null : null,
      },
    }
  }
}

interface Field {
  readonly path: ReadonlyArray<string>
  readonly schema: Schema.Codec<unknown>
  readonly isRequired: boolean
}

/** A struct of fields at any depth. An object is required if one of its fields is. */
const structOf = (fields: ReadonlyArray<Field>): Schema.Codec<unknown> => {
  const names = new Set(fields.map(({ path }) => path[0] ?? ""))
  return Schema.Struct(
    Object.fromEntries(
      [...names].map((name) => {
        const here = fields.filter(({ path }) => path[0] === name)
        const inside = here.filter(({ path }) => path.length > 1)
        const schema =
          inside.length === 0
            ? (here[0]?.schema ?? Schema.Unknown)
            : structOf(inside.map((field) => ({ ...field, path: field.path.slice(1) })))
        return [name, here.some(({ isRequired }) => isRequired) ? schema : maybe(schema)]
      }),
    ),
  )
}

const namesOf = (path: FieldPath): ReadonlyArray<string> =>
  typeof path === "string" ? path.split(".") : path

const valueAt = (body: unknown, path: FieldPath | undefined): unknown =>
  path === undefined
    ? undefined
    : namesOf(path).reduce<unknown>(
        (value, name) => (isRecord(value) ? value[name] : undefined),
        body,
      )

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null
