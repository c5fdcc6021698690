import { Details, Include, type LogQuery } from "@execlog/core"
import { parseInstant } from "@execlog/core/adapter"
import { parseSpan } from "@execlog/core/unstable"
import { UsageError } from "../session/UsageError.js"
import type { DetailsFlag } from "./DetailsFlag.js"
import { defaultLimit, type QueryFlags } from "./QueryFlags.js"
import { readStatuses } from "./StatusFlag.js"

/** A query with ages turned into instants, and where reading starts and ends. */
export interface ListRequest {
  readonly query: LogQuery
  /** Whose details are read, by one request each; undefined if the flag is absent. */
  readonly details: Details | undefined
  /** Null for no limit. */
  readonly limit: number | null
  readonly cursor: string | null
}

/** A query in which no part is forgotten. */
type EveryPart = { readonly [Part in keyof Required<LogQuery>]: LogQuery[Part] }

/**
 * Reads the flags of a query. A flag that is not valid is a UsageError that names it. `limit` is the
 * command's default; null for none.
 */
export const readListRequest = (
  flags: QueryFlags & DetailsFlag,
  now: number,
  limit: number | null = defaultLimit,
): ListRequest => {
  const [since, until] = readRange(["--since", flags.since], ["--until", flags.until], now)
  const [finishedSince, finishedUntil] = readRange(
    ["--finished-since", flags.finishedSince],
    ["--finished-until", flags.finishedUntil],
    now,
  )
  const query: EveryPart = {
    workflowId: textOf("--workflow", flags.workflow),
    status: readStatuses(flags.status),
    actorId: textOf("--actor", flags.actor),
    tag: textOf("--tag", flags.tag),
    since,
    until,
    finishedSince,
    finishedUntil,
    planned: flags.planned,
    providerStatus: textOf("--provider-status", flags.providerStatus),
    attributes: readAttributes(flags.where),
    search: textOf("--search", flags.search),
    order: orderOf(flags.order),
    include: readInclude(flags.include),
    pageSize: readPageSize(flags.pageSize),
  }
  return {
    query,
    details: readDetails(flags),
    limit: limitOf(flags.limit, limit),
    cursor: textOf("--cursor", flags.cursor) ?? null,
  }
}

/** Reads --where: names and values of attributes. */
const readAttributes = (
  written: ReadonlyArray<string> | undefined,
): LogQuery["attributes"] | undefined => {
  if (written === undefined) return undefined
  const values = new Map<string, string>()
  for (const pair of written) {
    const at = pair.indexOf("=")
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    if (at < 1) {
      throw new UsageError(
        `--where: "${pair}" is not name=value.`,
        "For example: --where state_name=Crashed",
      )
    }
    if (values.has(name) && values.get(name) !== value) {
      throw new UsageError(
        `--where: "${name}" is given two values, but an attribute has only one.`,
        "Query one value at a time.",
      )
    }
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

type TimeFlag = readonly [flag: string, written: string | undefined]

const readRange = (
  [lowFlag, low]: TimeFlag,
  [highFlag, high]: TimeFlag,
  now: number,
): readonly [Date | undefined, Date | undefined] => {
  const from = readInstant(lowFlag, low, now)
  const to = readInstant(highFlag, high, now)
  if (from === undefined || to === undefined || from < to) return [from, to]
  throw new UsageError(
    `The time range is empty: ${lowFlag} (${from.toISOString()}) is not before ${highFlag} (${to.toISOString()}).`,
    "Swap them, or widen the range. An age counts back from now.",
  )
}

/** Reads --details; undefined if it is absent. */
export const readDetails = ({ details: written }: DetailsFlag): Details | undefined => {
  if (written === undefined) return undefined
  const word = Details.literals.find((known) => known === written)
  if (word !== undefined) return word
  throw new UsageError(
    `--details: "${written}" is not one of ${Details.literals.join(", ")}.`,
    "For example: --details failed",
  )
}

/** Reads --page-size. */
export const readPageSize = (written: string | undefined): number | undefined =>
  readCount("--page-size", written)

/** Reads --include. */
export const readInclude = (written: string | undefined): LogQuery["include"] =>
  listOf("--include", "part of an execution", written, Include.literals)

const limitOf = (written: string | undefined, limit: number | null): number | null => {
  if (written === "all") return null
  return readCount("--limit", written, "a whole number of at least 1, or all") ?? limit
}

/** Reads a flag whose value is a whole number of at least 1. */
export const readCount = (
  flag: string,
  written: string | undefined,
  expected = "a whole number of at least 1",
): number | undefined => {
  if (written === undefined) return undefined
  const count = Number(written)
  if (/^\d+$/.test(written) && Number.isSafeInteger(count) && count >= 1) return count
  throw new UsageError(`${flag}: "${written}" is not ${expected}.`, `For example: ${flag} 50`)
}

const textOf = (flag: string, written: string | undefined): string | undefined => {
  if (written !== "") return written
  throw new UsageError(`${flag} is empty.`, "Give it a value, or leave it out.")
}

const orderOf = (written: string | undefined): LogQuery["order"] => {
  if (written === undefined || written === "newest" || written === "oldest") return written
  throw new UsageError(
    `--order: "${written}" is not an order.`,
    "The orders are newest and oldest.",
  )
}

const listOf = <Word extends string>(
  flag: string,
  what: string,
  written: string | undefined,
  words: ReadonlyArray<Word>,
): ReadonlyArray<Word> | undefined =>
  written?.split(",").map((item) => {
    const word = words.find((known) => known === item.trim())
    if (word !== undefined) return word
    throw new UsageError(
      item.trim() === ""
        ? `${flag}: a word is missing in "${written}".`
        : `${flag}: "${item.trim()}" is not a ${what}.`,
      `Write one or more of ${words.join(", ")}, with commas between them.`,
    )
  })

/** Reads a time, or an age counted back from now. */
export const readInstant = (
  flag: string,
  written: string | undefined,
  now: number,
): Date | undefined => {
  if (written === undefined) return undefined
  const age = parseSpan(written)
  const instant = new Date(age === null ? (parseInstant(written, "utc") ?? Number.NaN) : now - age)
  if (!Number.isNaN(instant.getTime())) return instant
  throw new UsageError(
    age === null
      ? `${flag}: "${written}" is not a valid time.`
      : `${flag}: ${written} is too long ago.`,
    "Write ISO 8601, such as 2026-11-21T08:00:00Z (UTC when no zone is given), or an age such as 24h or 7d.",
  )
}
