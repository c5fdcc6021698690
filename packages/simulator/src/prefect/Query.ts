import { isRecord } from "../shared/Record.js"
import type { PrefectGroup } from "./Conditions.js"
import { readGroup } from "./FilterParser.js"
import { filterShapes } from "./FilterShapes.js"
import { type PrefectProblems, readBody } from "./Problems.js"
import { PrefectRejection } from "./Rejection.js"

/** A request for a list or a count. */
export interface PrefectQuery {
  readonly sort: string
  readonly limit: number
  readonly offset: number
  readonly flows: PrefectGroup | null
  readonly flow_runs: PrefectGroup | null
  readonly task_runs: PrefectGroup | null
}

/** How the endpoints that take filters differ. */
export interface PrefectQueryRules {
  /** Empty for an endpoint without an order and without pages. */
  readonly sorts: ReadonlyArray<string>
  readonly sortByDefault: string
  /** The filters that this endpoint has and the simulator knows. */
  readonly filters: ReadonlyArray<"flows" | "flow_runs" | "task_runs">
  /** Both the default and the largest limit. */
  readonly maxPageSize: number
}

const filterNames = ["flows", "flow_runs", "task_runs"] as const
const unsimulatedFilters = ["deployments", "work_pools", "work_pool_queues"] as const

/** Reads the body of a filter request, or throws a `PrefectRejection` with Prefect's answer. */
export const readPrefectQuery = (text: string, rules: PrefectQueryRules): PrefectQuery => {
  const problems = readBody(text)
  const { body } = problems
  const hasPages = rules.sorts.length > 0
  if (body !== null && !isRecord(body)) {
    const pageFields = hasPages ? ["limit", "sort", "offset"] : []
    for (const field of [...pageFields, ...filterNames, ...unsimulatedFilters])
      problems.add("missing", ["body", field], "Field required", null)
  }
  const given = isRecord(body) ? body : {}
  // A limit that is too large is rejected before anything else is read.
  const limit = hasPages ? readLimit(problems, given["limit"], rules) : rules.maxPageSize
  const sort =
    hasPages && given["sort"] !== undefined
      ? problems.word(given["sort"], rules.sorts, ["body", "sort"])
      : rules.sortByDefault
  const offset =
    hasPages && given["offset"] !== undefined
      ? problems.natural(given["offset"], ["body", "offset"])
      : 0
  const groups = filterNames.map((name) => {
    if (given[name] === undefined || given[name] === null) return null
    if (rules.filters.includes(name))
      return readGroup(problems, {
        value: given[name],
        shape: filterShapes[name],
        place: ["body", name],
      })
    throw new PrefectRejection(501, `The simulator does not know the filter ${name} here`)
  })
  for (const name of unsimulatedFilters) {
    if (given[name] !== undefined && given[name] !== null)
      throw new PrefectRejection(501, `The simulator does not know the filter ${name}`)
  }
  problems.expectNone()
  const [flows = null, flow_runs = null, task_runs = null] = groups
  return { sort: sort ?? rules.sortByDefault, limit, offset, flows, flow_runs, task_runs }
}

const readLimit = (
  problems: PrefectProblems,
  value: unknown,
  { maxPageSize }: PrefectQueryRules,
): number => {
  if (value === null || value === undefined) return maxPageSize
  const limit = problems.integer(value, ["body", "limit"])
  const reject = (bound: string) =>
    new PrefectRejection(422, { detail: `Invalid limit: must be ${bound}.` })
  if (limit < 0) throw reject("greater than or equal to 0")
  if (limit > maxPageSize) throw reject(`less than or equal to ${maxPageSize}`)
  return limit
}
