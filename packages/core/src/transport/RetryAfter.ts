import type { TransportResponse } from "./Transport.js"

type Headers = TransportResponse["headers"]

/** One rate limit, as a response describes it. */
interface Limit {
  /** The remaining requests; null if not given. */
  readonly remaining: number | null
  /** The time of the reset, as the header gives it. */
  readonly reset: string | undefined
}

/**
 * The wait that a response requests, in milliseconds: from Retry-After, else until all exhausted
 * limits are reset. Null if it requests none, or does not say how long.
 */
export const retryDelay = ({ status, headers }: TransportResponse, now: number): number | null => {
  const retryAfter = retryAfterOf(headers["retry-after"], now)
  const goesByLimits = status === 429 || status === 503 || isOverLimit({ status, headers })
  if (retryAfter !== null || !goesByLimits) return retryAfter
  const waits = limitsOf(headers)
    // A limit with requests left is not the one that rejected.
    .filter(({ remaining }) => remaining === null || remaining === 0)
    .map(({ reset }) => resetOf(reset, now))
    .filter((wait) => wait !== null)
  return waits.length === 0 ? null : Math.max(...waits)
}

/** Whether a 403 means too many requests, as GitHub's does, rather than a missing permission. */
export const isOverLimit = ({
  status,
  headers,
}: Pick<TransportResponse, "status" | "headers">): boolean =>
  status === 403 && limitsOf(headers).some(({ remaining }) => remaining === 0)

/**
 * Retry-After as seconds or a date, in milliseconds from now; null if it is neither. More than nine
 * digits of seconds, above 30 years, are a mistake rather than a wait.
 */
const retryAfterOf = (value: string | undefined, now: number): number | null => {
  const text = value?.trim() ?? ""
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  // Date.parse reads "-5" as a month: require a word, as in a date.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** A reset has the format of Retry-After, or ten digits: seconds since 1970, from 2001 to 2286. */
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
 * The single header of the later IETF drafts: `limit=100, remaining=0, reset=30`, and since the
 * eighth draft a list of policies, `"burst";r=0;t=2, "daily";r=500;t=3000`.
 */
const fieldLimitsOf = (field: string): ReadonlyArray<Limit> => {
  // Policy names are in quotes and may contain anything.
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
