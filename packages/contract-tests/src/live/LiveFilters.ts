import { AdapterError, type Execution, executionStatuses, type LogQuery } from "@execlog/core"
import { holds, shown } from "../kit/ContractViolation.js"
import { isSent, planOf } from "../kit/PlannedQuery.js"
import { distinct } from "../recording/Questions.js"
import { compareLive } from "./LiveComparison.js"
import type { Live, LiveEndpoint } from "./Live.js"
import { readLive } from "./LiveReading.js"

/** A query that a server is asked, and how a test calls it. */
export interface LiveQuestion {
  readonly name: string
  readonly query: LogQuery
}

/** What an endpoint is asked: each filter that somebody can answer, with values that it showed. */
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

/** One value of each attribute that is a word, where not all have it. */
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

/** Asks a server, and compares what it gives with what filtering its log in memory gives. */
export const asksAsInMemory = async (
  live: Live,
  { base, endpoint }: LiveEndpoint,
  { name, query }: LiveQuestion,
): Promise<void> => {
  const before = await live.read(base)
  const answer = await live.read(query).catch((error: unknown) => refused(error, name, query))
  const after = await live.read(base)
  const warnings = answer.pages.flatMap((page) => page.warnings)
  holds(warnings.length === 0, () => ({
    found: `${name} was answered with the warning: ${warnings[0]?.text}`,
    expected: "no warning: what it complains of is declared otherwise than this server does it",
    why: "A filter that is not answered costs a full reading of the log, or hides executions.",
  }))
  if (query.order === "oldest" && !before.isWhole) return
  const omitted = endpoint.omits?.statuses
  const { missing, excluded, added, retold } = compareLive(query, answer, before, after, omitted)
  const ids = (executions: ReadonlyArray<{ readonly id: string }>) =>
    shown(executions.map(({ id }) => id))
  holds(query.search !== undefined || excluded.length === 0, () => ({
    found: `${name} gave executions that it excludes: ${ids(excluded)}, such as ${shown(excluded[0])}.`,
    expected: "a filter to mean the same for every provider",
    why: "Whoever asks for failed executions acts on each that comes.",
  }))
  // Only the provider knows what its search finds.
  holds(query.search !== undefined || missing.length === 0, () => ({
    found: `${name} left out ${ids(missing)}, which were listed before and after, and pass.`,
    expected: `all that pass; is the filter sent in the provider's words, and does it answer it whole? Sent was ${shown(live.client.explain(query).params)}`,
    why: "What a filter leaves out by mistake, nobody misses.",
  }))
  holds(added.length === 0, () => ({
    found: `${name} gave ${ids(added)}, which the unfiltered list gave neither before nor after as something that passes.`,
    expected:
      "nothing but what the unfiltered list holds; what it leaves out unless asked for is declared as omits",
    why: "Two questions about one log must not contradict each other.",
  }))
  holds(retold.length === 0, () => ({
    found: `${name} tells of ${shown(retold[0])} otherwise than the unfiltered list does.`,
    expected: "an execution to be the same whatever filter found it",
    why: "A store that meets it twice would see a change that never was.",
  }))
}

const refused = (error: unknown, name: string, query: LogQuery): never => {
  const isRefusal =
    AdapterError.is(error) && ["InvalidQuery", "NotFound", "Permission"].includes(error.reason)
  holds(!isRefusal, () => ({
    found: `The server refuses ${name}: ${shown(error)}.`,
    expected:
      "what is declared as the provider's to be taken by it; what it refuses is Filter.here or Filter.unsupported",
    why: `Users who ask ${shown(query)} get an error instead of executions.`,
  }))
  throw error
}

/** The executions of a walk, so many at most, with the cursor behind each. */
export const entriesOf = async (live: Live, query: LogQuery, most: number) => {
  const quiet = { onRejected: () => {}, onWarning: () => {}, limit: most }
  const entries: Array<{ readonly id: string; readonly cursor: string }> = []
  for await (const { execution, cursor } of live.client.entries(query, quiet)) {
    entries.push({ id: execution.id, cursor: cursor() })
  }
  return entries
}

/** Goes on from a cursor, as a client of its own. */
export const goesOn = (live: Live, query: LogQuery, cursor: string, most: number) => {
  const quiet = { onRejected: () => {}, onWarning: () => {}, limit: most, cursor }
  const read = async (): Promise<ReadonlyArray<string>> => {
    const ids: Array<string> = []
    for await (const { id } of live.client.executions(query, quiet)) ids.push(id)
    return ids
  }
  return read()
}

/** Reads by small pages, so that a few executions show paging. */
export const smallPages = (live: Live, { base, first, endpoint }: LiveEndpoint) => {
  const pageSize = Math.min(
    endpoint.maxPageSize,
    Math.max(1, Math.ceil(first.executions.length / 5)),
  )
  const query = { ...base, pageSize }
  const bounds = { executions: first.executions.length, pages: 40 }
  return { query, read: () => readLive(live.client, query, bounds) }
}
