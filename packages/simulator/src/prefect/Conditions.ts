/** A condition on one field. A part that is null is no condition. */
export interface PrefectCondition {
  readonly field: string
  /** Whether one of `any`, `not`, … suffices instead of all. */
  readonly or: boolean
  readonly any: ReadonlyArray<string> | null
  readonly not: ReadonlyArray<string> | null
  readonly all: ReadonlyArray<string> | null
  readonly like: string | null
  readonly isNull: boolean | null
  /** Bounds in whole microseconds, both inclusive. */
  readonly after: number
  readonly before: number
}

/** Conditions of which all, or any, must hold. */
export interface PrefectGroup {
  readonly or: boolean
  readonly parts: ReadonlyArray<PrefectCondition | PrefectGroup>
}

/** The ids of which an item must have one, where the group tells without the items; else null. */
export const idsWanted = (
  group: PrefectGroup | null,
  field: string,
): ReadonlyArray<string> | null => {
  if (group === null || (group.or && group.parts.length > 1)) return null
  for (const part of group.parts) {
    if ("field" in part && part.field === field && part.any !== null) {
      if (!part.or || part.isNull === null) return part.any
    }
  }
  return null
}

/** Bounds on a time, and the conditions that are left beside them. */
export interface PrefectBounds {
  readonly after: number
  readonly before: number
  readonly rest: PrefectGroup | null
}

/** Takes the bounds on a field out of a group. A binary search finds them in a list sorted by that field. */
export const boundsOn = (field: string, group: PrefectGroup | null): PrefectBounds => {
  const none = { after: -Infinity, before: Infinity, rest: group }
  if (group === null || group.or) return none
  const isBound = (part: PrefectCondition | PrefectGroup): part is PrefectCondition =>
    "field" in part && part.field === field
  const bound = group.parts.find(isBound)
  if (bound === undefined) return none
  const unbound = { ...bound, after: -Infinity, before: Infinity }
  const parts = group.parts.flatMap((part) => {
    if (part !== bound) return [part]
    return bound.isNull === null ? [] : [unbound]
  })
  const rest = parts.length === 0 ? null : { or: false, parts }
  return { after: bound.after, before: bound.before, rest }
}
