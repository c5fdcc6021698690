import { IsoTimeError, readIsoTime } from "../shared/IsoTime.js"

/** A list request as Dify understands it. Bounds are whole microseconds, both inclusive. */
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
export class DifyQueryError extends Error {}

/** What differs between servers. */
export interface DifyQueryRules {
  /** An older server knows no time, session and account filters, and also takes status=running. */
  readonly older: boolean
  readonly maxPageSize: number
}

const STATUSES = ["succeeded", "failed", "stopped"] as const
const OLDER_STATUSES = [...STATUSES, "running"] as const

const pythonText = (value: string): string => {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}

const problem = (field: string, message: string, type: string, value: string): string =>
  `${field}\n  ${message} [type=${type}, input_value=${pythonText(value)}, input_type=str]\n` +
  `    For further information visit https://errors.pydantic.dev/2.11/v/${type}`

const listed = (words: readonly string[]): string => {
  const quoted = words.map((word) => `'${word}'`)
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`
}

/** Reads the parameters of GET /workflows/logs, or throws a `DifyQueryError` with Dify's message. */
export const readDifyQuery = (query: URLSearchParams, rules: DifyQueryRules): DifyQuery => {
  const problems: string[] = []

  const statusText = query.get("status")
  const statuses: readonly NonNullable<DifyQuery["status"]>[] = rules.older
    ? OLDER_STATUSES
    : STATUSES
  const status = statuses.find((word) => word === statusText) ?? null
  if (statusText !== null && status === null) {
    problems.push(
      problem("status", `Input should be ${listed(statuses)}`, "literal_error", statusText),
    )
  }

  const integer = (field: string, fallback: number, most: number): number => {
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

  const instant = (field: string, fallback: number): number => {
    const text = rules.older ? null : query.get(field)
    if (text === null || text === "") return fallback
    try {
      return readIsoTime(text)
    } catch (cause) {
      if (cause instanceof IsoTimeError) throw new DifyQueryError(cause.message)
      throw cause
    }
  }
  const text = (field: string): string | null => {
    const value = query.get(field)
    return value === null || value === "" ? null : value
  }
  return {
    keyword: text("keyword")?.slice(0, 30) ?? null,
    status,
    session: rules.older ? null : text("created_by_end_user_session_id"),
    account: rules.older ? null : text("created_by_account"),
    earliest: instant("created_at__after", -Infinity),
    latest: instant("created_at__before", Infinity),
    page,
    limit,
  }
}
