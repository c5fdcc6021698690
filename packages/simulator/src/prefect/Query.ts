import { isRecord, PrefectProblems, PrefectRefusal } from "./Problems.js"
import { PREFECT_STATE_TYPES } from "./Run.js"

/** What one field must fulfil. A null is no condition. Times are whole microseconds, both bounds inclusive. */
export interface PrefectCondition {
  readonly field: string
  /** One of them suffices: `any`, `not`, … instead of all. */
  readonly or: boolean
  readonly any: readonly string[] | null
  readonly not: readonly string[] | null
  readonly all: readonly string[] | null
  readonly like: string | null
  readonly isNull: boolean | null
  readonly after: number
  readonly before: number
}

/** Conditions that must hold, all or any of them. */
export interface PrefectGroup {
  readonly or: boolean
  readonly parts: readonly (PrefectCondition | PrefectGroup)[]
}

/** A request for a list or a count. */
export interface PrefectQuery {
  readonly sort: string
  readonly limit: number
  readonly offset: number
  readonly flows: PrefectGroup | null
  readonly flow_runs: PrefectGroup | null
  readonly task_runs: PrefectGroup | null
}

type Leaf = "uuids" | "texts" | "types" | "text" | "flag" | "time" | "operator" | "unsimulated"
interface Shape {
  readonly [name: string]: Leaf | Shape
}

const NULLABLE = { operator: "operator", any_: "uuids", is_null_: "flag" } as const
const BOUNDS = { before_: "time", after_: "time" } as const
const STATE = {
  operator: "operator",
  type: { any_: "types", not_any_: "types" },
  name: { any_: "texts", not_any_: "texts" },
} as const
const NAME = { any_: "texts", like_: "text" } as const
const TAGS = { operator: "operator", all_: "texts", any_: "texts", is_null_: "flag" } as const

const FILTERS = {
  flows: {
    operator: "operator",
    id: { any_: "uuids", not_any_: "uuids" },
    deployment: "unsimulated",
    name: NAME,
    tags: "unsimulated",
  },
  flow_runs: {
    operator: "operator",
    id: { any_: "uuids", not_any_: "uuids" },
    name: NAME,
    tags: TAGS,
    deployment_id: NULLABLE,
    work_queue_name: "unsimulated",
    state: STATE,
    flow_version: "unsimulated",
    start_time: { ...BOUNDS, is_null_: "flag" },
    end_time: { ...BOUNDS, is_null_: "flag" },
    expected_start_time: BOUNDS,
    next_scheduled_start_time: BOUNDS,
    parent_flow_run_id: { operator: "operator", any_: "uuids" },
    parent_task_run_id: NULLABLE,
    idempotency_key: "unsimulated",
    created_by: "unsimulated",
  },
  task_runs: {
    operator: "operator",
    id: { any_: "uuids" },
    name: NAME,
    tags: "unsimulated",
    state: STATE,
    start_time: { ...BOUNDS, is_null_: "flag" },
    end_time: { ...BOUNDS, is_null_: "flag" },
    expected_start_time: BOUNDS,
    subflow_runs: "unsimulated",
    flow_run_id: NULLABLE,
  },
} as const

const OTHERS = ["deployments", "work_pools", "work_pool_queues"] as const

type Draft = { -readonly [Name in keyof PrefectCondition]: PrefectCondition[Name] }
type Place = readonly (string | number)[]

/** Reads filters by their shapes, and notes what is wrong in them. */
class Reader {
  readonly #problems: PrefectProblems

  constructor(problems: PrefectProblems) {
    this.#problems = problems
  }

  group(value: unknown, shape: Shape, loc: Place): PrefectGroup | null {
    const parts: (PrefectCondition | PrefectGroup)[] = []
    let or = false
    this.#each(value, shape, loc, (_, inner, given, place) => {
      if (typeof inner === "string") {
        if (inner === "operator") or = this.#problems.word(given, ["and_", "or_"], place) === "or_"
        else
          throw new PrefectRefusal(501, `The simulator does not know the filter ${place.join(".")}`)
        return
      }
      const holdsFields = Object.values(inner).some((child) => typeof child !== "string")
      const part = holdsFields
        ? this.group(given, inner, place)
        : this.#condition(place.slice(2).join("."), given, inner, place)
      if (part !== null) parts.push(part)
    })
    return parts.length === 0 ? null : { or, parts }
  }

  #condition(field: string, value: unknown, shape: Shape, loc: Place): PrefectCondition {
    const draft: Draft = {
      field,
      or: false,
      any: null,
      not: null,
      all: null,
      like: null,
      isNull: null,
      after: -Infinity,
      before: Infinity,
    }
    this.#each(value, shape, loc, (name, leaf, given, place) => {
      if (name === "operator")
        draft.or = this.#problems.word(given, ["and_", "or_"], place) === "or_"
      else if (name === "like_") draft.like = this.#problems.text(given, place)
      else if (name === "is_null_") draft.isNull = this.#problems.flag(given, place)
      else if (name === "after_") draft.after = this.#problems.time(given, place) ?? -Infinity
      else if (name === "before_") draft.before = this.#problems.time(given, place) ?? Infinity
      else {
        const items = this.#problems.list(given, place, (item, at) => {
          if (leaf === "uuids") return this.#problems.uuid(item, at)
          return leaf === "types"
            ? this.#problems.word(item, PREFECT_STATE_TYPES, at)
            : this.#problems.text(item, at)
        })
        if (name === "any_") draft.any = items
        else if (name === "not_any_") draft.not = items
        else draft.all = items
      }
    })
    return draft
  }

  #each(
    value: unknown,
    shape: Shape,
    loc: Place,
    read: (name: string, inner: Leaf | Shape, given: unknown, loc: Place) => void,
  ): void {
    if (value === null || value === undefined) return
    if (!isRecord(value)) {
      const message = "Input should be a valid dictionary or object to extract fields from"
      this.#problems.add("model_attributes_type", loc, message, value)
      return
    }
    for (const [name, inner] of Object.entries(shape)) {
      const given = value[name]
      if (given !== null && given !== undefined) read(name, inner, given, [...loc, name])
    }
    for (const [name, given] of Object.entries(value)) {
      if (!(name in shape))
        this.#problems.add(
          "extra_forbidden",
          [...loc, name],
          "Extra inputs are not permitted",
          given,
        )
    }
  }
}

/** What differs between the endpoints that take filters. */
export interface PrefectQueryRules {
  /** Empty where there is no order, and no page either. */
  readonly sorts: readonly string[]
  readonly sortByDefault: string
  /** The filters that this endpoint has and the simulator knows. */
  readonly filters: readonly ("flows" | "flow_runs" | "task_runs")[]
  /** Both the default and the largest limit. */
  readonly maxPageSize: number
}

/** Reads the body of a filter request, or throws a `PrefectRefusal` with Prefect's answer. */
export const readPrefectQuery = (text: string, rules: PrefectQueryRules): PrefectQuery => {
  const problems = new PrefectProblems(text)
  const body = problems.body
  const paged = rules.sorts.length > 0
  const names = ["flows", "flow_runs", "task_runs"] as const
  if (body !== null && !isRecord(body)) {
    for (const field of [...(paged ? ["limit", "sort", "offset"] : []), ...names, ...OTHERS])
      problems.add("missing", ["body", field], "Field required", null)
  }
  const given = isRecord(body) ? body : {}
  // A limit that is too large is refused before anything else is looked at.
  const limit =
    given["limit"] === null || given["limit"] === undefined || !paged
      ? rules.maxPageSize
      : problems.integer(given["limit"], ["body", "limit"])
  if (limit < 0) throw new PrefectRefusal(422, limitBound("greater than or equal to 0"))
  if (limit > rules.maxPageSize)
    throw new PrefectRefusal(422, limitBound(`less than or equal to ${rules.maxPageSize}`))
  const sort =
    paged && given["sort"] !== undefined
      ? problems.word(given["sort"], rules.sorts, ["body", "sort"])
      : rules.sortByDefault
  const offset =
    paged && given["offset"] !== undefined
      ? problems.natural(given["offset"], ["body", "offset"])
      : 0
  const reader = new Reader(problems)
  const groups = names.map((name) => {
    if (given[name] === undefined || given[name] === null) return null
    if (rules.filters.includes(name))
      return reader.group(given[name], FILTERS[name], ["body", name])
    throw new PrefectRefusal(501, `The simulator does not know the filter ${name} here`)
  })
  for (const name of OTHERS) {
    if (given[name] !== undefined && given[name] !== null)
      throw new PrefectRefusal(501, `The simulator does not know the filter ${name}`)
  }
  problems.expectNone()
  const [flows = null, flow_runs = null, task_runs = null] = groups
  return { sort: sort ?? rules.sortByDefault, limit, offset, flows, flow_runs, task_runs }
}

const limitBound = (bound: string): { detail: string } => ({
  detail: `Invalid limit: must be ${bound}.`,
})
