import type { AdapterDraft } from "./AdapterDraft.js"
import type { ItemDraft } from "./ItemDraft.js"
import { keyOf, object } from "./Source.js"
import { type TimeShape } from "./TimeShape.js"
import { structSource, timeDeclarations, type WireField } from "./WireSource.js"

/** The source of `src/wire.ts`. */
export const wireFile = (draft: AdapterDraft): string => {
  const { choices, item, get } = draft
  const times: ReadonlySet<TimeShape> = new Set([
    ...item.times,
    ...(item.listing === null ? [] : [item.listing.time]),
    ...(get?.draft.times ?? []),
  ])
  const list = choices.listPath === null ? "the list" : `${choices.listMethod} ${choices.listPath}`
  const core = times.has("zoneless") ? "parseInstant, Wire" : "Wire"
  return [
    `import { ${core} } from "@execlog/core"\nimport * as Schema from "effect/Schema"`,
    ...timeDeclarations(times),
    `/** An item of ${list}. */\nexport const Item = ${structSource(item.wire)}\nexport type Item = typeof Item.Type`,
    `export const Items = ${itemsSource(draft)}`,
    ...detailSource(draft),
    problem,
  ]
    .join("\n\n")
    .concat("\n")
}

/** The page: its items, which are read one by one, and what tells of other pages. */
const itemsSource = ({ envelope, paging }: AdapterDraft): string => {
  const items = "Schema.Array(Schema.Unknown)"
  if (envelope !== null && envelope.path.length === 0) return items
  const told: ReadonlyArray<WireField> = paging.info.flatMap((name) => {
    const path = name === "next" ? envelope?.next?.path : envelope?.[name]
    return path ? [{ path, schema: schemas[name], isRequired: false }] : []
  })
  const path = envelope?.path ?? ["data"]
  return structSource([{ path, schema: items, isRequired: true }, ...told])
}

const schemas = { more: "Schema.Boolean", total: "Schema.Finite", next: "Schema.String" } as const

const detailSource = ({ choices, get }: AdapterDraft): ReadonlyArray<string> => {
  if (get === null) return []
  const { wrapper } = get.sample
  const payload = get.draft.payload.wire
  if (get.isLikeList && payload.length === 0 && wrapper === null) return []
  const path = choices.getPath === null ? "" : ` of GET ${choices.getPath}`
  const struct = executionSource(get.draft, get.isLikeList)
  const answer =
    wrapper === null ? struct : `Schema.Struct(${object([`${keyOf(wrapper)}: ${struct}`])})`
  return [`/** The answer${path}. */\nexport const Detail = ${answer}`]
}

const executionSource = ({ wire, payload }: ItemDraft, isLikeList: boolean): string => {
  if (!isLikeList) return structSource([...wire, ...payload.wire])
  return payload.wire.length === 0
    ? "Item"
    : structSource(payload.wire).replace("Schema.Struct({", "Schema.Struct({\n  ...Item.fields,")
}

const problem = `/** An error answer: a text, or an object with a text, under either name. */
const Message = Schema.Union([Schema.String, Schema.Struct({ message: Schema.String })])
export const Problem = Schema.Struct({
  message: Wire.maybe(Message),
  error: Wire.maybe(Message),
})`
