import { type AdapterDraft, isItem } from "../draft/AdapterDraft.js"
import type { ItemDraft } from "../draft/ItemDraft.js"
import { keyOf, object } from "../draft/Source.js"
import { itemSource, structSource } from "../draft/WireSource.js"

/** The source of `src/wire.ts`. */
export const wireFile = (draft: AdapterDraft): string => {
  const { choices, item } = draft
  const list = choices.listPath === null ? "the list" : `${choices.listMethod} ${choices.listPath}`
  const source = [
    `/** An item of ${list}. */\nexport const Item = ${structSource(item.wire)}\nexport type Item = typeof Item.Type`,
    ...detailSource(draft),
  ].join("\n\n")
  const schema = source.includes("Schema.") ? 'import * as Schema from "effect/Schema"\n' : ""
  return `import { Wire } from "@execlog/core/adapter"\n${schema}\n${source}\n`
}

const detailSource = (draft: AdapterDraft): ReadonlyArray<string> => {
  const { choices, get } = draft
  if (get === null) return []
  if (isItem(draft)) return []
  const { wrapper } = get.sample
  const path = choices.getPath === null ? "" : ` of GET ${choices.getPath}`
  const struct = executionSource(get.draft, get.isLikeList)
  const answer =
    wrapper === null ? struct : `Schema.Struct(${object([`${keyOf(wrapper)}: ${struct}`])})`
  return [
    `/** The response${path}. */\nexport const Detail = ${answer}\nexport type Detail = typeof Detail.Type`,
  ]
}

const executionSource = ({ wire, payload }: ItemDraft, isLikeList: boolean): string => {
  if (!isLikeList) return structSource([...wire, ...payload.wire])
  return payload.wire.length === 0 ? "Item" : itemSource("Item.fields", payload.wire)
}
