import type { N8nFilter } from "./N8nHistory.js"

/** A list request as n8n understands it. */
export interface N8nQuery {
  readonly status: N8nFilter["status"]
  readonly workflowId: string | null
  /** Rows are given whose number lies below it; Infinity for all. */
  readonly below: number
  readonly limit: number
  readonly includeData: boolean
}

/** A request that n8n answers with 400. */
export class N8nQueryError extends Error {}

const STATUSES = ["canceled", "error", "running", "success", "waiting"] as const
const LIST_PARAMETERS = ["cursor", "includeData", "limit", "projectId", "status", "workflowId"]
const MOST = 250

/** Reads the parameters of GET /executions, or throws an `N8nQueryError` with n8n's message. */
export const readN8nQuery = (query: URLSearchParams): N8nQuery => {
  expectKnown(query, LIST_PARAMETERS)
  const includeData = readBoolean(query, "includeData")
  const word = query.get("status")
  const status = STATUSES.find((known) => known === word) ?? null
  if (word !== null && status === null) {
    throw new N8nQueryError(
      `request/query/status must be equal to one of the allowed values: ${STATUSES.join(", ")}`,
    )
  }
  const text = query.get("limit")
  const asked = text === null ? 100 : Number(text)
  if (text?.trim() === "" || !Number.isFinite(asked)) {
    throw new N8nQueryError("request/query/limit must be number")
  }
  if (asked > MOST) throw new N8nQueryError(`request/query/limit must be <= ${MOST}`)
  const named = query.get("cursor")
  // A cursor brings its limit along, whatever the request says.
  const { below, limit } = named === null ? { below: Infinity, limit: asked } : readCursor(named)
  return { status, workflowId: query.get("workflowId"), below, limit, includeData }
}

/** Reads the parameter of GET /executions/{id}. */
export const readIncludeData = (query: URLSearchParams): boolean => {
  expectKnown(query, ["includeData"])
  return readBoolean(query, "includeData")
}

/** The cursor of the page behind an execution: its id and the limit, as JSON in base64. */
export const nextCursor = (lastId: string, limit: number): string =>
  Buffer.from(JSON.stringify({ lastId, limit })).toString("base64")

const readCursor = (text: string): { readonly below: number; readonly limit: number } => {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, "base64").toString())
    const [lastId, limit] = [fieldOf(read, "lastId"), Number(fieldOf(read, "limit"))]
    if (typeof lastId !== "string" || !Number.isFinite(limit)) throw new TypeError("no cursor")
    return { below: Number(lastId) - 1, limit }
  } catch {
    throw new N8nQueryError("An invalid cursor was provided")
  }
}

const fieldOf = (value: unknown, name: "lastId" | "limit"): unknown =>
  typeof value === "object" && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

const expectKnown = (query: URLSearchParams, known: readonly string[]): void => {
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
