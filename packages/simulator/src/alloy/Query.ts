import { type AlloyBounds, boundsOf, readConditions } from "./Filters.js"
import { AlloyQueryError } from "./QueryError.js"

/** The sort keys of the events of GET /logs. */
const sortFields = ["createdAt", "completedAt", "message", "userId"] as const

export type AlloySortField = (typeof sortFields)[number]

/** The columns and conditions that select events, and their order. */
export interface AlloyEventQuery extends AlloyBounds {
  readonly skip: number
  readonly limit: number
  readonly sortBy: AlloySortField
  readonly isAscending: boolean
  readonly workflowId: string | null
  readonly userId: string | null
}

/** A request for the executions of one workflow. */
export interface AlloyExecutionQuery {
  readonly page: number
  readonly limit: number
  readonly isAscending: boolean
  readonly userId: string | null
}

/** Number of executions on the largest page of GET /workflows/{workflowId}/logs. */
const largestExecutionPage = 30

/** Reads the parameters of GET /logs, or throws an `AlloyQueryError`. */
export const readEventQuery = (query: URLSearchParams, rejectsAbove: number): AlloyEventQuery => ({
  skip: readInteger(query, "skip", 0, 0),
  limit: readLimit(query, rejectsAbove),
  sortBy: readWord(query, "sortBy", sortFields, "createdAt"),
  isAscending: readWord(query, "sortOrder", ["asc", "desc"], "desc") === "asc",
  ...boundsOf(readConditions(query.get("filters"))),
  workflowId: readText(query, "workflowId"),
  userId: readText(query, "associatedUserId"),
})

/** Reads the parameters of GET /workflows/{workflowId}/logs, or throws an `AlloyQueryError`. */
export const readExecutionQuery = (
  query: URLSearchParams,
  rejectsAbove: number,
): AlloyExecutionQuery => ({
  page: readInteger(query, "page", 1, 1),
  limit: Math.min(readLimit(query, rejectsAbove), largestExecutionPage),
  isAscending: readWord(query, "order", ["asc", "desc"], "desc") === "asc",
  userId: readText(query, "userId"),
})

const readLimit = (query: URLSearchParams, rejectsAbove: number): number => {
  const limit = readInteger(query, "limit", 10, 1)
  if (limit > rejectsAbove) throw new AlloyQueryError(`limit must be ${rejectsAbove} at most`)
  return limit
}

const readText = (query: URLSearchParams, name: string): string | null => {
  const text = query.get(name)
  return text === "" ? null : text
}

const readInteger = (
  query: URLSearchParams,
  name: string,
  fallback: number,
  least: number,
): number => {
  const text = readText(query, name)
  if (text === null) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new AlloyQueryError(`${name} must be an integer from ${least}`)
  return value
}

const readWord = <Word extends string>(
  query: URLSearchParams,
  name: string,
  words: ReadonlyArray<Word>,
  fallback: Word,
): Word => {
  const text = readText(query, name)
  if (text === null) return fallback
  const word = words.find((known) => known === text)
  if (word === undefined) throw new AlloyQueryError(`${name} must be one of ${words.join(", ")}`)
  return word
}
