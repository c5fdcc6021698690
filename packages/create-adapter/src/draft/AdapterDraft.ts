import type { Choices } from "../choices/Choices.js"
import { type Envelope, envelopeOf } from "../sample/Envelope.js"
import { type GetSample, getSampleOf } from "../sample/GetSample.js"
import type { PagingStyle } from "../sample/PagingStyle.js"
import { type Json, valueAt } from "../shared/Json.js"
import { constantOf } from "../shared/Names.js"
import { draftItem, type ItemDraft } from "./ItemDraft.js"
import { payloadRoles } from "./MappingParts.js"

/** All that the source of an adapter is written from. */
export interface AdapterDraft {
  readonly choices: Choices
  /** The name of the constant that holds the adapter. */
  readonly constant: string
  readonly paging: PagingStyle
  /** The envelope of the items; null without a sample. */
  readonly envelope: Envelope | null
  readonly item: ItemDraft
  readonly get: GetDraft | null
}

/** The endpoint that gives one execution. */
interface GetDraft {
  readonly sample: GetSample
  readonly draft: ItemDraft
  /** It holds all that an item of the list does, in the same places. */
  readonly isLikeList: boolean
}

/** The responses that were given as samples. */
export interface Samples {
  readonly list: Json | null
  readonly get: Json | null
  /** Where the items of the list are, as `--items` says it. */
  readonly items: string | undefined
}

// Stands in where no sample is given, so that there is something to change.
const standIn: Json = { id: "1", status: null, startedAt: "2026-01-01T00:00:00Z", finishedAt: null }

/** The envelope of a sample of a list; null where none was given. */
export const envelopeOfSamples = ({ list, items }: Samples): Envelope | null =>
  list === null ? null : envelopeOf(list, items)

/** Drafts an adapter. */
export const draftAdapter = (
  choices: Choices,
  samples: Samples,
  paging: PagingStyle,
): AdapterDraft => {
  const envelope = envelopeOfSamples(samples)
  const items = envelope?.items ?? [standIn]
  const list = draftItem(items, "item", "list")
  const get = samples.get === null ? null : draftGet(getSampleOf(samples.get, items), list)
  return {
    choices,
    constant: constantOf(choices.id),
    paging,
    envelope,
    item:
      get?.isLikeList === true
        ? draftItem(items, "item", "list", { alike: [get.sample.execution] })
        : list,
    get,
  }
}

/** The two are alike where the answer of get holds each part in the place where the list has it. */
const draftGet = (sample: GetSample, list: ItemDraft): GetDraft => {
  const draft = draftItem([sample.execution], "detail", "get", {
    idPath: list.roles.get("id")?.path,
  })
  const listing = list.listing?.field.path.join("\n")
  const isLikeList =
    [...list.roles].every(
      ([role, field]) => draft.roles.get(role)?.path.join("\n") === field.path.join("\n"),
    ) &&
    (listing === undefined ||
      draftItem([sample.execution], "detail", "list").listing?.field.path.join("\n") === listing)
  return { sample, draft, isLikeList }
}

/** The id in the sample of one execution; null where it shows none that is known. */
export const getIdOf = ({ sample, draft }: GetDraft): string | null => {
  const field = draft.roles.get("id")
  const id = field === undefined ? null : valueAt(sample.execution, field.path)
  return typeof id === "string" || typeof id === "number" ? String(id) : null
}

/** Whether the answer of get is an item of the list: core then reads it in the same way. */
export const isItem = ({ get }: AdapterDraft): boolean =>
  get?.isLikeList === true &&
  get.sample.wrapper === null &&
  payloadRoles.every((role) => !get.draft.roles.has(role))

/** Whether a field is known to hold what triggers an execution. */
export const hasTrigger = ({ item, get }: AdapterDraft): boolean =>
  item.roles.has("trigger") || get?.draft.roles.has("trigger") === true
