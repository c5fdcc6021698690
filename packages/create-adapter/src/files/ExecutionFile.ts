import { type AdapterDraft, hasTrigger, isItem } from "../draft/AdapterDraft.js"
import { call, keyOf, object, quoted } from "../draft/Source.js"
import { statusesOf } from "../sample/StatusWords.js"
import { triggerKindOf } from "../sample/TriggerWords.js"

/** The source of `src/execution.ts`: the words of the provider, and the mapping of each endpoint. */
export const executionFile = (draft: AdapterDraft): string => {
  const { item, choices } = draft
  const source = [
    `/** The status words of ${choices.title}. */\nexport const statuses: Statuses = ${statuses(draft)}`,
    ...(hasTrigger(draft)
      ? [`/** Its words for triggers. */\nexport const triggers: Triggers = ${triggers(draft)}`]
      : []),
    `/** Maps an item of the list. */\nexport const fromList = (item: Item): MappedExecution => (${object(item.mapping)})`,
    ...fromGet(draft),
  ].join("\n\n")
  const types = ["Detail", "Item"].filter((name) => source.includes(`: ${name})`))
  const core = [
    "type MappedExecution",
    "type Statuses",
    ...(hasTrigger(draft) ? ["type Triggers"] : []),
    ...(source.includes("Wire.") ? ["Wire"] : []),
  ]
  return `import { ${core.join(", ")} } from "@execlog/core/adapter"
import { todo } from "./todo.js"
import type { ${types.join(", ")} } from "./wire.js"

${source}
`
}

const statuses = ({ item, get, envelope, choices: { title } }: AdapterDraft): string => {
  const words = new Set(
    envelope === null ? [] : [...item.statusWords, ...(get?.draft.statusWords ?? [])],
  )
  const known = [...statusesOf([...words])].map(([word, status]) =>
    status === null
      ? `${keyOf(word)}: ${call(
          "todo",
          [
            quoted(`statuses.${word}`),
            quoted(
              `Map ${quoted(word)} to queued, running, waiting, succeeded, partial, failed, timed_out, canceled or skipped.`,
            ),
            quoted("unknown"),
          ],
          8 + word.length,
        )}`
      : `${keyOf(word)}: ${quoted(status)}`,
  )
  const seen = words.size === 0 ? "The sample contains no status." : ""
  const what =
    `${seen} Add the other status words in the documentation of ${title}, and check these.`.trim()
  return call("todo", [quoted("statuses"), quoted(what), object(known)], 34)
}

const triggers = ({ item, get }: AdapterDraft): string => {
  const words = new Set([...item.triggerWords, ...(get?.draft.triggerWords ?? [])])
  const known = [...words].flatMap((word) => {
    const kind = triggerKindOf(word)
    return kind === null ? [] : [`${keyOf(word)}: ${quoted(kind)}`]
  })
  return object(known)
}

/** The mapping of get, if its response is not an item of the list. */
const fromGet = (draft: AdapterDraft): ReadonlyArray<string> => {
  const { get } = draft
  if (get === null || isItem(draft)) return []
  const { wrapper } = get.sample
  const taken = wrapper === "detail" ? "{ detail }" : `{ ${keyOf(wrapper ?? "")}: detail }`
  const { mapping, payload } = get.draft
  const parts = [...(get.isLikeList ? ["...fromList(detail)"] : mapping), ...payload.mapping]
  return [
    "/** Maps the response of get. */\n" +
      `export const fromGet = (${wrapper === null ? "detail" : taken}: Detail): MappedExecution => (${object(parts)})`,
  ]
}
