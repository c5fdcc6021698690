import { isDeepStrictEqual } from "node:util"
import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { elementsOf, placeOfItems, valueAt } from "../kit/ItemPlace.js"
import { isObject, type JsonPath, valuesWithin, withValue } from "../kit/JsonPath.js"
import type { Fault, Situation, Target } from "./Fault.js"

/** The values of an item by kind, as far as they can be told without knowing the provider. */
interface ItemParts {
  readonly id: ReadonlyArray<JsonPath>
  readonly times: ReadonlyArray<JsonPath>
  readonly status: ReadonlyArray<JsonPath>
  /** All other texts. */
  readonly texts: ReadonlyArray<JsonPath>
  /** All other numbers. */
  readonly numbers: ReadonlyArray<JsonPath>
}

/** Returns a damaged item; null if the damage does not apply to it. */
export type Damage = (item: Json, parts: ItemParts, situation: DamageSituation) => Json | null

/** The context of a damage. */
type DamageSituation = Pick<Situation, "target" | "echo">

/** Which items to damage: one of the victim's, all of the victim's, or all. */
export type Scope = "item" | "execution" | "all"

/** Marks text to write into the JSON without quotes, for values that JavaScript cannot represent. */
export const literally = (json: string): string => `@literally:${json}@`

const written = (value: Json): string =>
  JSON.stringify(value).replaceAll(/"@literally:([^"]*)@"/g, (_, json: string) => json)

/** Sorts the values of an execution's item by kind. */
const partsOf = (item: Json, id: string, target: Target): ItemParts => {
  const parts = { id: [], times: [], status: [], texts: [], numbers: [] } satisfies Record<
    keyof ItemParts,
    Array<JsonPath>
  >
  const found: Record<keyof ItemParts, Array<JsonPath>> = parts
  for (const { path, value } of valuesWithin(item)) {
    if (value === id) found.id.push(path)
    else if (isTime(value)) found.times.push(path)
    else if (typeof value === "string") {
      found[Object.hasOwn(target.statuses, value) ? "status" : "texts"].push(path)
    } else if (typeof value === "number") found.numbers.push(path)
  }
  return found
}

const isTime = (value: Json): boolean =>
  typeof value === "string"
    ? /^\d{4}-\d\d-\d\d[T ].*(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    : typeof value === "number" &&
      [value, value * 1000].some((time) => time > 1.7e12 && time < 1.9e12)

/** Damages every response of an endpoint in the same way. */
export const damaging =
  (scope: Scope, damage: Damage): Fault["reply"] =>
  async (situation) => {
    const { target, provided } = situation
    const answer = await provided()
    const body = parseJson(String(answer.body)) ?? null
    return { kind: "whole", answer: { ...answer, body: written(damagedBody(body)) } }

    function damagedBody(whole: Json): Json {
      const { list, victim } = target
      if (list === null) return damaged(whole, victim)
      const place = placeOfItems(list.endpoint, whole)
      if (place === null) return whole
      const elements = elementsOf(whole, place).map((element) => {
        const item = valueAt(element, place.within)
        const read = list.endpoint.item(item)
        const id = read.ok ? read.id : ""
        const isBefallen =
          scope === "all" ||
          (id === victim && (scope === "execution" || isDeepStrictEqual(item, target.items[0])))
        return isBefallen ? withValue(element, place.within, damaged(item, id)) : element
      })
      return withValue(whole, place.list, elements)
    }

    function damaged(item: Json, id: string): Json {
      return damage(item, partsOf(item, id, target), situation) ?? item
    }
  }

/** Why a damage does not apply to the items of an endpoint; null if it does. */
export const unlessDamaged =
  (damage: Damage, reason: string) =>
  (target: Target): string | null => {
    if (target.join !== null) return "it is a join"
    const [item] = target.items
    const parts = partsOf(item, target.victim, target)
    return damage(item, parts, { target, echo: "" }) === null ? reason : null
  }

/** The item with other values at some places; null if there are none. */
export const replacing = (
  item: Json,
  paths: ReadonlyArray<JsonPath>,
  value: (before: Json) => Json,
): Json | null =>
  paths.length === 0
    ? null
    : paths.reduce((changed, path) => withValue(changed, path, value(valueAt(item, path))), item)

/** The item with another field; null if it is not an object. */
export const adding = (item: Json, name: string, value: Json): Json | null =>
  isObject(item) ? Object.fromEntries([...Object.entries(item), [name, value]]) : null

/** Whether an endpoint reads an item. */
export const isRead = ({ list, connection }: Target, item: Json): boolean => {
  if (list !== null) return list.endpoint.item(item).ok
  const read = connection.get?.item(item)
  return read?.ok === true && read.value !== null
}

/** Whether an item keeps its place in the list. */
export const keepsPlace = ({ list }: Target, before: Json, after: Json): boolean => {
  if (list === null) return true
  const [one, other] = [before, after].map((item) => list.endpoint.item(item))
  return one?.ok === true && other?.ok === true && one.at === other.at && one.id === other.id
}
