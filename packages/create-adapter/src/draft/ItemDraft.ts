import { rolesOf, type Roles } from "../sample/FieldRoles.js"
import { guessId, type IdGuess } from "../sample/IdField.js"
import { type ListingTime, listingTimeOf } from "../sample/ListingTime.js"
import { type Field, fieldsOf, type Shape, shapeOf, told } from "../sample/Shape.js"
import type { TimeShape } from "../sample/TimeShape.js"
import type { Json } from "../shared/Json.js"
import {
  durationPart,
  errorPart,
  type Given,
  type Part,
  payloadPart,
  payloadRoles,
  referencesPart,
  statusPart,
  triggerPart,
  usagePart,
  workflowPart,
} from "./MappingParts.js"
import { access, keyOf, object } from "./Source.js"
import { listingTimeSource } from "./TimeSource.js"
import { timesPart } from "./TimesPart.js"
import type { Todo } from "./Todo.js"
import { idSchema, plainSchema, timeSchema, type WireField } from "./WireSource.js"

/** The schema of an endpoint's items and their mapping to executions, drafted from a sample. */
export interface ItemDraft {
  readonly wire: ReadonlyArray<WireField>
  /** The parts of the object that `toExecution` gives. */
  readonly mapping: ReadonlyArray<string>
  /** The parts that only `get` maps. */
  readonly payload: Part
  readonly roles: Roles
  /** The id of an item, as source. */
  readonly id: string
  readonly listing: ListingTime | null
  /** When an item was listed, as source. */
  readonly listedAt: string | null
  readonly times: ReadonlySet<TimeShape>
  readonly statusWords: ReadonlyArray<string>
  readonly triggerWords: ReadonlyArray<string>
  readonly todos: ReadonlyArray<Todo>
}

interface Beside {
  /** Further samples, which do not belong to the list. */
  readonly alike?: ReadonlyArray<Json>
  /** Where the list has its id. */
  readonly idPath?: ReadonlyArray<string> | undefined
}

/** Drafts what the items of an endpoint are; `name` is how the mapping calls one. */
export const draftItem = (
  items: ReadonlyArray<Json>,
  name: string,
  endpoint: "list" | "get",
  { alike = [], idPath }: Beside = {},
): ItemDraft => {
  const shape = shapeOf([...items, ...alike])
  const named = rolesOf(shape)
  const guess = named.has("id") ? null : guessId(shape, items, named, idPath)
  const roles: Roles = guess === null ? named : new Map([...named, ["id", guess.field]])
  const listing = endpoint === "list" ? listingTimeOf(shape, items, roles) : null
  const required = [roles.get("id"), listing?.field].filter((field) => field !== undefined)
  const isSure = (path: ReadonlyArray<string>): boolean =>
    required.some((field) => path.every((part, index) => field.path[index] === part))
  const read = (path: ReadonlyArray<string>): string => access(name, path, isSure)
  const given: Given = { shape, roles, items, read }
  const id = idPart(given, name, guess)
  const parts = [
    ...(listing === null ? [] : [listingPart(listing)]),
    id,
    ...[statusPart, workflowPart, timesPart, durationPart, errorPart].map((part) => part(given)),
    ...[triggerPart, referencesPart, usagePart].map((part) => part(given)),
  ]
  const payload = payloadPart(given)
  const used = [...parts, payload].flatMap(({ wire }) => wire)
  const attributes = attributesPart(shape, used, given)
  const all = [...parts, attributes]
  return {
    wire: inOrder(
      all.flatMap(({ wire }) => wire),
      shape,
    ),
    mapping: all.flatMap(({ mapping }) => mapping),
    payload,
    roles,
    id: id.source,
    listing,
    listedAt: listing === null ? null : listingTimeSource(listing.time, read(listing.field.path)),
    times: new Set(all.flatMap(({ times }) => times ?? [])),
    statusWords: wordsOf(roles.get("status")),
    triggerWords: wordsOf(roles.get("trigger")),
    todos: all.flatMap(({ todos }) => todos ?? []),
  }
}

const wordsOf = (field: Field | undefined): ReadonlyArray<string> => [
  ...new Set(field === undefined ? [] : told(field.shape).map(String)),
]

const idPart = (
  { roles, read }: Given,
  name: string,
  guess: IdGuess | null,
): Part & { readonly source: string } => {
  const give =
    "Use the id that the provider's other endpoints accept, here, in itemId and in wire.ts."
  const field = roles.get("id")
  if (field === undefined) {
    return {
      source: `${name}.id`,
      wire: [{ path: ["id"], schema: "Wire.id", isRequired: true }],
      mapping: [`id: ${name}.id`],
      todos: [
        {
          where: "id",
          what: `No field of the sample is recognized as an id. ${give}`,
        },
      ],
    }
  }
  const schema = idSchema(field.shape)
  const value = read(field.path)
  const source = schema === "Wire.id" ? value : `String(${value})`
  return {
    source,
    wire: [{ path: field.path, schema, isRequired: true }],
    mapping: [`id: ${source}`],
    todos: guess === null || guess.isSure ? [] : [{ where: "id", what: `${doubt(guess)} ${give}` }],
  }
}

const doubt = ({ field, others }: IdGuess): string =>
  `${field.path.join(".")} is used as the id because of its name, and because it differs in each item.${
    others.length === 0
      ? ""
      : ` Other candidates: ${others.map(({ path }) => path.join(".")).join(", ")}.`
  }`

const listingPart = ({ field, time }: ListingTime): Part => ({
  wire: [{ path: field.path, schema: timeSchema(time), isRequired: true }],
  mapping: [],
})

/** The other fields of the sample, under the provider's own names. */
const attributesPart = (
  shape: Shape,
  used: ReadonlyArray<WireField>,
  { roles, read }: Given,
): Part => {
  const payloads = new Set(payloadRoles.map((role) => roles.get(role)?.path.join("\n")))
  const holdsUsed = (path: ReadonlyArray<string>) =>
    used.some((field) => path.every((part, index) => field.path[index] === part))
  const fields = fieldsOf(shape).filter(
    ({ path }) =>
      !holdsUsed(path) &&
      !payloads.has(path.join("\n")) &&
      (path.length === 1 || holdsUsed(path.slice(0, -1))) &&
      !used.some((field) => field.path.every((part, index) => path[index] === part)),
  )
  const outer = new Set(fields.filter(({ path }) => path.length === 1).map(({ path }) => path[0]))
  // `flow.tags` is flow_tags, unless there is a flow_tags beside it.
  const nameOf = (path: ReadonlyArray<string>) =>
    path.length > 1 && outer.has(path.join("_")) ? path.join(".") : path.join("_")
  return {
    wire: fields.map((field) => ({
      path: field.path,
      schema: plainSchema(field),
      isRequired: false,
    })),
    mapping:
      fields.length === 0
        ? []
        : [
            `attributes: ${object(
              fields.map(({ path }) => `${keyOf(nameOf(path))}: ${read(path)}`),
            )}`,
          ],
  }
}

/** Fields in the order of the sample; the first of those that stand for one place. */
const inOrder = (fields: ReadonlyArray<WireField>, shape: Shape): ReadonlyArray<WireField> => {
  const order = fieldsOf(shape).map(({ path }) => path.join("\n"))
  const distinct = new Map(
    fields.toReversed().map((field) => [field.path.join("\n"), field] as const),
  )
  return [...distinct.values()].toSorted(
    (a, b) => order.indexOf(a.path.join("\n")) - order.indexOf(b.path.join("\n")),
  )
}
