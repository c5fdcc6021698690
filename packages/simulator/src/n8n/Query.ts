import { n8nStatusWords, type N8nStatusWord } from "./StatusWords.js"

/** A list request as n8n reads it. */
export interface N8nQuery {
  readonly status: N8nStatusWord | null
  readonly workflowId: string | null
  readonly startedAfter: number
  readonly startedBefore: number
  /** The id of the last row of the page before; null for the first page. */
  readonly lastId: string | null
  readonly limit: number
  readonly includeData: boolean
}

/** A request that n8n answers with 400. */
export class N8nQueryError extends Error {
  override readonly name = "N8nQueryError"
}

const listParameters = ["cursor", "includeData", "limit", "projectId", "status", "workflowId"]
const startParameters = ["startedAfter", "startedBefore"]

/** How servers differ in reading a request. */
export interface N8nQueryRules {
  /** The status words that the filter takes. */
  readonly words: ReadonlyArray<N8nStatusWord>
  /** A larger limit is rejected. */
  readonly maxPageSize: number
  /** Whether the filter takes startedAfter and startedBefore. */
  readonly startTimes: boolean
}

/** Reads the parameters of GET /executions, or throws an `N8nQueryError` with n8n's message. */
export const readN8nQuery = (query: URLSearchParams, rules: N8nQueryRules): N8nQuery => {
  const { words, maxPageSize, startTimes } = rules
  expectKnown(query, startTimes ? [...listParameters, ...startParameters] : listParameters)
  const includeData = readBoolean(query, "includeData")
  const word = query.get("status")
  const status = n8nStatusWords.find((known) => known === word && words.includes(known)) ?? null
  if (word !== null && status === null) {
    throw new N8nQueryError(
      `request/query/status must be equal to one of the allowed values: ${words.join(", ")}`,
    )
  }
  const text = query.get("limit")
  const size = text === null ? 100 : Number(text)
  if (text?.trim() === "" || !Number.isFinite(size)) {
    throw new N8nQueryError("request/query/limit must be number")
  }
  if (size > maxPageSize) {
    throw new N8nQueryError(`request/query/limit must be <= ${maxPageSize}`)
  }
  const named = query.get("cursor")
  // The limit in a cursor overrides that of the request.
  const { lastId, limit } = named === null ? { lastId: null, limit: size } : readCursor(named)
  return {
    status,
    workflowId: query.get("workflowId"),
    startedAfter: readTime(query, "startedAfter") ?? -Infinity,
    startedBefore: readTime(query, "startedBefore") ?? Infinity,
    lastId,
    limit,
    includeData,
  }
}

/** Reads the parameter of GET /executions/{id}. */
export const readIncludeData = (query: URLSearchParams): boolean => {
  expectKnown(query, ["includeData"])
  return readBoolean(query, "includeData")
}

/** The cursor of the page behind an execution: its id and the limit, as JSON in base64. */
export const nextCursor = (lastId: string, limit: number): string =>
  Buffer.from(JSON.stringify({ lastId, limit })).toString("base64")

const readCursor = (text: string): { readonly lastId: string; readonly limit: number } => {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, "base64").toString())
    const [lastId, limit] = [fieldOf(read, "lastId"), Number(fieldOf(read, "limit"))]
    if (typeof lastId !== "string" || !Number.isFinite(limit)) throw new TypeError("no cursor")
    return { lastId, limit }
  } catch {
    throw new N8nQueryError("An invalid cursor was provided")
  }
}

const fieldOf = (value: unknown, name: "lastId" | "limit"): unknown =>
  typeof value === "object" && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

const expectKnown = (query: URLSearchParams, known: ReadonlyArray<string>): void => {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw new N8nQueryError(`Unknown query parameter '${name}'`)
  }
}

const readBoolean = (query: URLSearchParams, name: string): boolean => {
  const text = query.get(name) ?? "false"
  if (text !== "true" && text !== "false") {
    throw new N8nQueryError(`request/query/${name} must be boolean`)
  }
  return text === "true"
}

const readTime = (query: URLSearchParams, name: string): number | null => {
  const text = query.get(name)
  if (text === null) return null
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new N8nQueryError(`request/query/${name} must match format "date-time"`)
}
