import { isRecord } from "../shared/Record.js"
import type { PrefectCondition, PrefectGroup } from "./Conditions.js"
import type { FilterLeaf, FilterShape } from "./FilterShapes.js"
import type { Place, PrefectProblems } from "./Problems.js"
import { PrefectRejection } from "./Rejection.js"
import { prefectStateTypes } from "./State.js"

/** A filter, or a part of one, with the shape by which it is read. */
interface FilterPart<Shape = FilterLeaf | FilterShape> {
  readonly value: unknown
  readonly shape: Shape
  readonly place: Place
}

/** Reads a filter and adds its problems. Null is a filter without conditions. */
export const readGroup = (
  problems: PrefectProblems,
  filter: FilterPart<FilterShape>,
): PrefectGroup | null => {
  const parts: Array<PrefectCondition | PrefectGroup> = []
  let or = false
  readParts(problems, filter, (_, { value, shape, place }) => {
    if (shape === "operator") or = isOr(problems, value, place)
    else if (typeof shape === "string") {
      const path = place.join(".")
      throw new PrefectRejection(501, `The simulator does not know the filter ${path}`)
    } else if (Object.values(shape).some((child) => typeof child !== "string")) {
      const group = readGroup(problems, { value, shape, place })
      if (group !== null) parts.push(group)
    } else parts.push(readCondition(problems, { value, shape, place }))
  })
  return parts.length === 0 ? null : { or, parts }
}

/** Calls `read` for each part of a filter, in the order of its shape. Unknown parts are problems. */
const readParts = (
  problems: PrefectProblems,
  { value, shape, place }: FilterPart<FilterShape>,
  read: (name: string, part: FilterPart) => void,
): void => {
  if (value === null || value === undefined) return
  if (!isRecord(value)) {
    const message = "Input should be a valid dictionary or object to extract fields from"
    problems.add("model_attributes_type", place, message, value)
    return
  }
  for (const [name, inner] of Object.entries(shape)) {
    const given = value[name]
    if (given !== null && given !== undefined)
      read(name, { value: given, shape: inner, place: [...place, name] })
  }
  for (const [name, given] of Object.entries(value)) {
    if (!(name in shape))
      problems.add("extra_forbidden", [...place, name], "Extra inputs are not permitted", given)
  }
}

const isOr = (problems: PrefectProblems, value: unknown, place: Place): boolean =>
  problems.word(value, ["and_", "or_"], place) === "or_"

type Draft = { -readonly [Name in keyof PrefectCondition]: PrefectCondition[Name] }

const readCondition = (
  problems: PrefectProblems,
  filter: FilterPart<FilterShape>,
): PrefectCondition => {
  const draft: Draft = {
    // Without "body" and the name of the filter.
    field: filter.place.slice(2).join("."),
    or: false,
    any: null,
    not: null,
    all: null,
    like: null,
    isNull: null,
    after: -Infinity,
    before: Infinity,
  }
  readParts(problems, filter, (name, part) => {
    const { value, place } = part
    if (name === "operator") draft.or = isOr(problems, value, place)
    else if (name === "like_") draft.like = problems.text(value, place)
    else if (name === "is_null_") draft.isNull = problems.flag(value, place)
    else if (name === "after_") draft.after = problems.time(value, place) ?? -Infinity
    else if (name === "before_") draft.before = problems.time(value, place) ?? Infinity
    else if (name === "any_") draft.any = readTexts(problems, part)
    else if (name === "not_any_") draft.not = readTexts(problems, part)
    else draft.all = readTexts(problems, part)
  })
  return draft
}

const readTexts = (
  problems: PrefectProblems,
  { shape, value, place }: FilterPart,
): ReadonlyArray<string> =>
  problems.list(value, place, (item, at) => {
    if (shape === "uuids") return problems.uuid(item, at)
    return shape === "types" ? problems.word(item, prefectStateTypes, at) : problems.text(item, at)
  })
