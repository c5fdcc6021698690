import { AdapterError, type Execution, executionStatuses, type LogQuery } from "@execlog/core"
import { holds, shown } from "../kit/ContractViolation.js"
import { isSent, planOf } from "../kit/PlannedQuery.js"
import { distinct } from "../recording/Questions.js"
import type { Live, LiveEndpoint } from "./Live.js"
import { compareLive } from "./LiveComparison.js"
import { readLive } from "./LiveReading.js"

/** A query for the server, and its name in the test. */
export interface LiveQuestion {
  readonly name: string
  readonly query: LogQuery
}

/** The queries of an endpoint: each supported filter, with values that it returned. */
export const liveQuestions = (
  { client, options }: Live,
  { endpoint, base, first }: LiveEndpoint,
): ReadonlyArray<LiveQuestion> => {
  const { executions } = first
  const isAsked = (filter: LogQuery) => isSent(planOf(client, { ...base, ...filter }), filter)
  const seen = distinct(executions.map(({ status }) => status))
  const workflows = distinct(executions.map(({ workflow }) => workflow.id)).slice(0, 2)
  const kinds = distinct(executions.map(({ actor }) => actor?.kind ?? null))
  const actors = kinds.flatMap((kind) =>
    distinct(executions.map(({ actor }) => (actor?.kind === kind ? actor.id : null))).slice(0, 2),
  )
  const times = distinct(executions.map(({ timestamp }) => timestamp?.getTime() ?? null)).toSorted(
    (a, b) => a - b,
  )
  const at = (part: number) => {
    const time = times[Math.floor((times.length - 1) * part)]
    return time === undefined ? undefined : new Date(time)
  }
  const [low, middle, high] = [at(0.25), at(0.5), at(0.75)].map((time) => time?.toISOString())
  const range = { since: low, until: high }
  const filters: ReadonlyArray<LogQuery> = [
    ...executionStatuses
      .filter((word) => seen.includes(word) || isAsked({ status: [word] }))
      .map((word) => ({ status: [word] })),
    ...(seen.length > 1 ? [{ status: seen.slice(0, 2) }] : []),
    ...(base.workflowId === undefined ? workflows : []).map((workflowId) => ({ workflowId })),
    ...actors.map((actorId) => ({ actorId })),
    ...(middle === undefined ? [] : [{ since: middle }, { until: middle }]),
    ...(low === undefined || high === undefined || low >= high ? [] : [range]),
    ...(middle === undefined
      ? []
      : seen.flatMap((word) => [
          { status: [word], since: middle },
          { status: [word], until: middle },
        ])),
    ...(low === undefined || high === undefined || low >= high
      ? []
      : [{ finishedSince: low, finishedUntil: high, since: at(0)?.toISOString() }]),
    ...distinct(executions.flatMap(({ tags }) => tags))
      .slice(0, 2)
      .map((tag) => ({ tag })),
    ...distinct(executions.map(({ providerStatus }) => providerStatus)).map((word) => ({
      providerStatus: word,
    })),
    ...attributesSeen(executions),
    ...(base.planned === true ? [{ planned: false }] : []),
    ...(options.search === undefined ? [] : [{ search: options.search }]),
    ...endpoint.orders.filter((order) => order !== "newest").map((order) => ({ order })),
  ]
  return filters
    .map((filter) => ({ name: shown(filter), query: { ...base, ...filter } }))
    .filter(({ query }) => planOf(client, query)?.endpoint === endpoint.name)
}

/** One value of each text attribute that not all executions have. */
const attributesSeen = (executions: ReadonlyArray<Execution>): ReadonlyArray<LogQuery> => {
  const names = distinct(executions.flatMap(({ attributes }) => Object.keys(attributes)))
  return names.flatMap((name) => {
    const values = distinct(
      executions.map(({ attributes: { [name]: value } }) =>
        typeof value === "string" ? value : null,
      ),
    )
    const [value] = values
    return value === undefined || values.length < 2 || values.length > 20
      ? []
      : [{ attributes: { [name]: value } }]
  })
}

/** Queries a server and compares the result with filtering its log in memory. */
export const asksAsInMemory = async (
  live: Live,
  { base, endpoint }: LiveEndpoint,
  { name, query }: LiveQuestion,
): Promise<void> => {
  const before = await live.read(base)
  const answer = await live.read(query).catch((error: unknown) => rejected(error, name, query))
  const after = await live.read(base)
  const warnings = answer.pages.flatMap((page) => page.warnings)
  holds(warnings.length === 0, () => ({
    found: `${name} was answered with the warning: ${warnings[0]?.text}`,
    expected: "no warning: the declaration differs from what this server does",
    why: "An ignored filter costs a full read of the log, or hides executions.",
  }))
  if (query.order === "oldest" && !before.isWhole) return
  const omitted = endpoint.omits?.statuses
  const { missing, excluded, added, retold } = compareLive(query, answer, before, after, omitted)
  const ids = (executions: ReadonlyArray<{ readonly id: string }>) =>
    shown(executions.map(({ id }) => id))
  holds(query.search !== undefined || excluded.length === 0, () => ({
    found: `${name} gave executions that it excludes: ${ids(excluded)}, such as ${shown(excluded[0])}.`,
    expected: "a filter to mean the same for every provider",
    why: "Users act on each failed execution that a query returns.",
  }))
  // Only the provider can evaluate its search.
  holds(query.search !== undefined || missing.length === 0, () => ({
    found: `${name} left out ${ids(missing)}, which match and were listed before and after.`,
    expected: `all matches; is the filter sent in the provider's terms, and does the provider apply all of it? Sent: ${shown(live.client.explain(query).params)}`,
    why: "Nobody notices executions that a filter omits by mistake.",
  }))
  holds(added.length === 0, () => ({
    found: `${name} gave ${ids(added)}, which match in the unfiltered list neither before nor after.`,
    expected:
      "only executions of the unfiltered list; declare the statuses that it omits by default as omits",
    why: "Two queries of one log must not contradict each other.",
  }))
  holds(retold.length === 0, () => ({
    found: `${name} returns ${shown(retold[0])} differently from the unfiltered list.`,
    expected: "the same execution whatever filter finds it",
    why: "A store would record a change that never happened.",
  }))
}

const rejected = (error: unknown, name: string, query: LogQuery): never => {
  const isRejection =
    AdapterError.is(error) && ["InvalidQuery", "NotFound", "Permission"].includes(error.reason)
  holds(!isRejection, () => ({
    found: `The server rejects ${name}: ${shown(error)}.`,
    expected:
      "a filter that the server accepts; declare rejected ones as Filter.here or Filter.unsupported",
    why: `Users who ask ${shown(query)} get an error instead of executions.`,
  }))
  throw error
}

/** The first executions of a walk, each with its cursor. */
export const entriesOf = async (live: Live, query: LogQuery, most: number) => {
  const quiet = { onRejected: () => {}, onWarning: () => {}, limit: most }
  const entries: Array<{ readonly id: string; readonly cursor: string }> = []
  for await (const { execution, cursor } of live.client.entries(query, quiet)) {
    entries.push({ id: execution.id, cursor: cursor() })
  }
  return entries
}

/** Resumes from a cursor with a new client. */
export const goesOn = (live: Live, query: LogQuery, cursor: string, most: number) => {
  const quiet = { onRejected: () => {}, onWarning: () => {}, limit: most, cursor }
  const read = async (): Promise<ReadonlyArray<string>> => {
    const ids: Array<string> = []
    for await (const { id } of live.client.executions(query, quiet)) ids.push(id)
    return ids
  }
  return read()
}

/** A query with small pages, so that a few executions show paging. */
export const smallPages = (live: Live, { base, first, endpoint }: LiveEndpoint) => {
  const pageSize = Math.min(
    endpoint.maxPageSize,
    Math.max(1, Math.ceil(first.executions.length / 5)),
  )
  const query = { ...base, pageSize }
  const bounds = { executions: first.executions.length, pages: 40 }
  return { query, read: () => readLive(live.client, query, bounds) }
}
