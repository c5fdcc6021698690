import { IsoTimeError, readIsoTime } from "../shared/IsoTime.js"
import { quotedWords } from "../shared/QuotedWords.js"

/** A list request as Dify reads it. Bounds are whole microseconds, both inclusive. */
export interface DifyQuery {
  readonly keyword: string | null
  readonly status: "succeeded" | "failed" | "stopped" | "running" | null
  readonly session: string | null
  readonly account: string | null
  readonly earliest: number
  readonly latest: number
  readonly page: number
  readonly limit: number
}

/** A request that Dify answers with 400 invalid_param. */
export class DifyQueryError extends Error {
  override readonly name = "DifyQueryError"
}

/** How servers differ in reading a request. */
export interface DifyQueryRules {
  /** An older server has no filters of time, session and account, and takes status=running. */
  readonly isOlder: boolean
  /** A larger limit is rejected. */
  readonly maxPageSize: number
}

const statuses = ["succeeded", "failed", "stopped"] as const
const olderStatuses = [...statuses, "running"] as const

const pythonText = (value: string): string => {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}

const problem = (field: string, message: string, type: string, value: string): string =>
  `${field}\n  ${message} [type=${type}, input_value=${pythonText(value)}, input_type=str]\n` +
  `    For further information visit https://errors.pydantic.dev/2.11/v/${type}`

/** Reads the parameters of GET /workflows/logs, or throws a `DifyQueryError` with Dify's message. */
export const readDifyQuery = (query: URLSearchParams, rules: DifyQueryRules): DifyQuery => {
  const problems: Array<string> = []

  const statusText = query.get("status")
  const known: ReadonlyArray<NonNullable<DifyQuery["status"]>> = rules.isOlder
    ? olderStatuses
    : statuses
  const status = known.find((word) => word === statusText) ?? null
  if (statusText !== null && status === null) {
    problems.push(
      problem("status", `Input should be ${quotedWords(known)}`, "literal_error", statusText),
    )
  }

  const integer = (field: string, fallback: number, most: number) => {
    const text = query.get(field)
    if (text === null) return fallback
    if (!/^\s*[+-]?\d+(?:\.0*)?\s*$/.test(text)) {
      const message = "Input should be a valid integer, unable to parse string as an integer"
      problems.push(problem(field, message, "int_parsing", text))
      return fallback
    }
    const value = Number(text)
    if (value < 1) {
      problems.push(
        problem(field, "Input should be greater than or equal to 1", "greater_than_equal", text),
      )
    }
    if (value > most) {
      problems.push(
        problem(field, `Input should be less than or equal to ${most}`, "less_than_equal", text),
      )
    }
    return value
  }
  const page = integer("page", 1, 99_999)
  const limit = integer("limit", Math.min(20, rules.maxPageSize), rules.maxPageSize)

  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} for WorkflowLogQuery`
    throw new DifyQueryError([count, ...problems].join("\n"))
  }

  const instant = (field: string, fallback: number) => {
    const text = rules.isOlder ? null : query.get(field)
    if (text === null || text === "") return fallback
    try {
      return readIsoTime(text)
    } catch (cause) {
      if (cause instanceof IsoTimeError) throw new DifyQueryError(cause.message)
      throw cause
    }
  }
  const text = (field: string) => {
    const value = query.get(field)
    return value === null || value === "" ? null : value
  }
  return {
    keyword: text("keyword")?.slice(0, 30) ?? null,
    status,
    session: rules.isOlder ? null : text("created_by_end_user_session_id"),
    account: rules.isOlder ? null : text("created_by_account"),
    earliest: instant("created_at__after", -Infinity),
    latest: instant("created_at__before", Infinity),
    page,
    limit,
  }
}
