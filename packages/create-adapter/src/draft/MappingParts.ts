import { durationUnitOf } from "../sample/DurationUnit.js"
import type { Role, Roles } from "../sample/FieldRoles.js"
import { type Field, isOf, type Shape, told } from "../sample/Shape.js"
import type { TimeShape } from "../sample/TimeShape.js"
import type { Json } from "../shared/Json.js"
import { plain } from "../shared/Names.js"
import { object } from "./Source.js"
import type { Todo } from "./Todo.js"
import type { WireField } from "./WireSource.js"

/** A part of a mapping, the fields that it reads, and what it leaves to the author. */
export interface Part {
  readonly wire: ReadonlyArray<WireField>
  readonly mapping: ReadonlyArray<string>
  readonly times?: ReadonlyArray<TimeShape>
  readonly todos?: ReadonlyArray<Todo>
}

/** The source of the parts of a mapping. */
export interface Given {
  readonly shape: Shape
  readonly roles: Roles
  readonly items: ReadonlyArray<Json>
  /** The source of a field's value. */
  readonly read: (path: ReadonlyArray<string>) => string
}

/** A field that an item may lack. */
export const optional = ({ path }: Pick<Field, "path">, schema: string): WireField => ({
  path,
  schema,
  isRequired: false,
})

const text = "Schema.String"
const textOrNumber = "Schema.Union([Schema.String, Schema.Finite])"

/** The schema of a text, or of an id or version that may be a number. */
const wordSchema = (shape: Shape): string =>
  told(shape).length > 0 && isOf(shape, "string") ? text : textOrNumber

const wordSource = (value: string, shape: Shape): string =>
  wordSchema(shape) === text ? value : `Wire.text(${value})`

/** The status, in the provider's word. */
export const statusPart = ({ roles, read }: Given): Part => {
  const status = roles.get("status")
  if (status === undefined) {
    return {
      wire: [],
      mapping: ["providerStatus: null"],
      todos: [
        {
          where: "providerStatus",
          what: "No field of the sample is recognized as a status word. Map the status field to providerStatus, or, if several fields determine it, map status itself.",
        },
      ],
    }
  }
  return {
    wire: [optional(status, text)],
    mapping: [`providerStatus: ${read(status.path)} ?? null`],
  }
}

/** The workflow that was executed. */
export const workflowPart = ({ roles, read }: Given): Part => {
  const parts = (["workflowId", "workflowName", "workflowVersion"] as const).flatMap((role) => {
    const field = roles.get(role)
    return field === undefined ? [] : [{ key: role.slice("workflow".length).toLowerCase(), field }]
  })
  return {
    wire: parts.map(({ field }) => optional(field, wordSchema(field.shape))),
    mapping:
      parts.length === 0
        ? []
        : [
            `workflow: ${object(parts.map(({ key, field }) => `${key}: ${wordSource(read(field.path), field.shape)}`))}`,
          ],
  }
}

/** The provider's own figure of how long it took. */
export const durationPart = ({ roles, items, read }: Given): Part => {
  const duration = roles.get("duration")
  if (duration === undefined) return { wire: [], mapping: [] }
  const unit = durationUnitOf(roles, items)
  const value = read(duration.path)
  if (unit === null) {
    return {
      wire: [],
      mapping: [],
      todos: [
        {
          where: "durationMs",
          what: `The sample does not show whether ${duration.path.join(".")} is in milliseconds or seconds. Map it to durationMs in milliseconds, or leave it out: core then subtracts the start from the end.`,
        },
      ],
    }
  }
  return {
    wire: [optional(duration, "Schema.Finite")],
    mapping: [`durationMs: ${unit === 1 ? value : `Wire.millisecondsOfSeconds(${value})`}`],
  }
}

const messageNames = ["message", "msg", "description", "detail", "reason"]
const typeNames = ["type", "code", "name", "class"]

/** The error of an execution. */
export const errorPart = ({ roles, read }: Given): Part => {
  const error = roles.get("error")
  const inside = (names: ReadonlyArray<string>): Field | undefined =>
    [...(error?.shape.fields ?? [])]
      .map(([name, shape]) => ({ path: [...(error?.path ?? []), name], shape }))
      .find(({ path, shape }) => names.includes(plain(path.at(-1) ?? "")) && isTold(shape))
  const message = error === undefined || isTold(error.shape) ? error : inside(messageNames)
  const type = roles.get("errorType") ?? inside(typeNames)
  if (message === undefined) {
    const shown =
      error === undefined
        ? "No field of the sample is known as an error"
        : `The sample contains no message in ${error.path.join(".")}`
    return {
      wire: [],
      mapping: [],
      todos: [
        {
          where: "error",
          what: `${shown}. Map error to { message } and add a fixture of a failed execution; leave error out if the list never returns one.`,
        },
      ],
    }
  }
  const value = read(message.path)
  const fields = [`message: ${value}`, ...(type === undefined ? [] : [`type: ${read(type.path)}`])]
  return {
    wire: [optional(message, text), ...(type === undefined ? [] : [optional(type, text)])],
    mapping: [`error: { ${fields.join(", ")} }`],
  }
}

const isTold = (shape: Shape): boolean => told(shape).length > 0 && isOf(shape, "string")

/** The trigger of an execution. */
export const triggerPart = ({ roles, read }: Given): Part => {
  const trigger = roles.get("trigger")
  if (trigger === undefined) return { wire: [], mapping: [] }
  const value = read(trigger.path)
  return {
    wire: [optional(trigger, text)],
    mapping: [`trigger: { providerKind: ${value} }`],
  }
}

/** Other executions that it belongs to, and its page. */
export const referencesPart = ({ roles, read }: Given): Part => {
  const fields = (["retryOf", "parentId", "url"] as const).flatMap((role) => {
    const field = roles.get(role)
    return field === undefined ? [] : [{ role, field }]
  })
  return {
    wire: fields.map(({ field }) => optional(field, wordSchema(field.shape))),
    mapping: fields.map(
      ({ role, field }) => `${role}: ${wordSource(read(field.path), field.shape)}`,
    ),
  }
}

/** The token usage of an execution. */
export const usagePart = ({ roles, read }: Given): Part => {
  const fields = (["totalTokens", "totalSteps"] as const).flatMap((role) => {
    const field = roles.get(role)
    return field === undefined ? [] : [{ role, field }]
  })
  const parts = fields.map(({ role, field }) => `${role}: ${read(field.path)}`)
  return {
    wire: fields.map(({ field }) => optional(field, "Schema.Finite")),
    mapping: parts.length === 0 ? [] : [`usage: ${object(parts)}`],
  }
}

/** Inputs and outputs, which only `get` maps. */
export const payloadPart = ({ roles, read }: Given): Part => {
  const fields = payloadRoles.flatMap((role) => {
    const field = roles.get(role)
    return field === undefined ? [] : [{ role, field }]
  })
  return {
    wire: fields.map(({ field }) => optional(field, "Wire.json")),
    mapping: fields.map(({ role, field }) => `${role}: ${read(field.path)} ?? null`),
  }
}

/** The parts of an execution that lists of summaries leave out. */
export const payloadRoles = ["inputs", "outputs"] as const satisfies ReadonlyArray<Role>
