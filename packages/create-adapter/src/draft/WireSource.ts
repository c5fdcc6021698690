import type { Field, Shape } from "../sample/Shape.js"
import { isOf, told } from "../sample/Shape.js"
import type { TimeShape } from "../sample/TimeShape.js"
import { indented, keyOf, object } from "./Source.js"

/** The schema of one field, as source. */
export interface WireField {
  readonly path: ReadonlyArray<string>
  readonly schema: string
  /** Whether an item without it cannot be an execution. */
  readonly isRequired: boolean
}

/** The schema of an object with fields at any depth. */
export const structSource = (fields: ReadonlyArray<WireField>): string => {
  const isRequired = (name: string | undefined) =>
    fields.some((field) => field.isRequired && field.path[0] === name)
  const required = fields.filter(({ path }) => isRequired(path[0]))
  const optional = fields.filter(({ path }) => !isRequired(path[0]))
  if (optional.length === 0) return `Schema.Struct(${fieldsSource(required)})`
  return required.length === 0
    ? `Wire.partial(${fieldsSource(optional)})`
    : itemSource(fieldsSource(required), optional)
}

/** The schema of an item: fields that it must have, and others. */
export const itemSource = (required: string, optional: ReadonlyArray<WireField>): string =>
  required.includes("\n")
    ? `Wire.item(\n  ${indented(required, 2)},\n  ${indented(fieldsSource(optional), 2)},\n)`
    : `Wire.item(${required}, ${fieldsSource(optional)})`

const fieldsSource = (fields: ReadonlyArray<WireField>): string => {
  const names = [...new Set(fields.map(({ path }) => path[0] ?? ""))]
  return object(
    names.map((name) => {
      const here = fields.filter(({ path }) => path[0] === name)
      const inside = here.filter(({ path }) => path.length > 1)
      const schema =
        inside.length === 0
          ? (here[0]?.schema ?? "Wire.json")
          : structSource(inside.map((field) => ({ ...field, path: field.path.slice(1) })))
      return `${keyOf(name)}: ${schema}`
    }),
  )
}

/** The schema of an id. */
export const idSchema = (shape: Shape): string =>
  told(shape).length > 0 && isOf(shape, "string") ? "Wire.id" : "Wire.idOrNumber"

/** The schema of a time. */
export const timeSchema = (time: TimeShape): string => timeSchemas[time]

const timeSchemas: { readonly [Time in TimeShape]: string } = {
  iso: "Wire.isoTime",
  seconds: "Wire.epochSeconds",
  milliseconds: "Wire.epochMilliseconds",
  zoneless: "Wire.utcTime",
}

/** The schema of a field that is handed on as it is. */
export const plainSchema = ({ shape }: Field): string => {
  const kinds = [...shape.kinds].filter((kind) => kind !== "null")
  const schemas = kinds.flatMap((kind) => plainSchemas.get(kind) ?? [])
  if (schemas.length === 0 || schemas.length < kinds.length) return "Wire.json"
  return schemas.length === 1 ? schemas.join("") : `Schema.Union([${schemas.join(", ")}])`
}

const plainSchemas = new Map([
  ["string", "Schema.String"],
  ["number", "Schema.Finite"],
  ["boolean", "Schema.Boolean"],
])
