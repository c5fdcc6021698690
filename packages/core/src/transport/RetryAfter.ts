import type { TransportResponse } from "./Transport.js"

type Headers = TransportResponse["headers"]

/** What an answer tells of one limit on requests. */
interface Limit {
  /** The requests that are left; null where it is not told. */
  readonly remaining: number | null
  /** When there are more, as the header says it. */
  readonly reset: string | undefined
}

/**
 * How long an answer asks to wait, in milliseconds: by Retry-After, else until the limits that are
 * used up are reset. Null where it does not ask, or nobody can tell for how long.
 */
export const retryDelay = ({ status, headers }: TransportResponse, now: number): number | null => {
  const retryAfter = retryAfterOf(headers["retry-after"], now)
  const goesByLimits = status === 429 || status === 503 || isOverLimit({ status, headers })
  if (retryAfter !== null || !goesByLimits) return retryAfter
  const waits = limitsOf(headers)
    // Where some are left, it was something else that refused.
    .filter(({ remaining }) => remaining === null || remaining === 0)
    .map(({ reset }) => resetOf(reset, now))
    .filter((wait) => wait !== null)
  return waits.length === 0 ? null : Math.max(...waits)
}

/** Whether a 403 means too many requests, as GitHub's does, and not that something is forbidden. */
export const isOverLimit = ({
  status,
  headers,
}: Pick<TransportResponse, "status" | "headers">): boolean =>
  status === 403 && limitsOf(headers).some(({ remaining }) => remaining === 0)

/**
 * Retry-After in either of its forms, seconds or a date, as milliseconds from now; null where it is
 * neither. More than nine digits of seconds, above 30 years, are no wait but a mistake.
 */
const retryAfterOf = (value: string | undefined, now: number): number | null => {
  const text = value?.trim() ?? ""
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  // Date.parse takes "-5" for a month: a date has a word in it.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** A reset is said as Retry-After is, or in ten digits: seconds since 1970, from 2001 to 2286. */
const resetOf = (value: string | undefined, now: number): number | null =>
  /^\s*\d{10}(\.\d+)?\s*$/.test(value ?? "")
    ? Math.max(0, Math.ceil(Number(value) * 1000) - now)
    : retryAfterOf(value, now)

const limitsOf = (headers: Headers): ReadonlyArray<Limit> => [
  ...["x-ratelimit", "ratelimit"].map((prefix) => ({
    remaining: countOf(headers[`${prefix}-remaining`]),
    reset: headers[`${prefix}-reset`],
  })),
  ...fieldLimitsOf(headers["ratelimit"] ?? ""),
]

/**
 * The one field of the later drafts of the IETF: `limit=100, remaining=0, reset=30`, and since the
 * eighth a list of policies, `"burst";r=0;t=2, "daily";r=500;t=3000`.
 */
const fieldLimitsOf = (field: string): ReadonlyArray<Limit> => {
  // The names of policies stand in quotes, and may hold anything.
  const unquoted = field.split('"').filter((_, index) => index % 2 === 0)
  const members = unquoted.join("").split(",")
  const whole = { remaining: valueOf(members, "remaining"), reset: valueOf(members, "reset") }
  const policies = members.map((member) => {
    const parameters = member.split(";")
    return { remaining: valueOf(parameters, "r"), reset: valueOf(parameters, "t") }
  })
  return [whole, ...policies].map(({ remaining, reset }) => ({
    remaining: countOf(remaining),
    reset,
  }))
}

const valueOf = (pairs: ReadonlyArray<string>, name: string): string | undefined =>
  pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)

const countOf = (text: string | undefined): number | null =>
  /^\s*\d+\s*$/.test(text ?? "") ? Number(text) : null
