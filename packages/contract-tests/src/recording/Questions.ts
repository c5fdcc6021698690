import {
  type Client,
  type Execution,
  executionStatuses,
  type LogQuery,
  type QueryPlan,
} from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { isSent, planOf } from "../kit/PlannedQuery.js"

/** A query whose responses become a fixture. */
export interface Question {
  /** The fixture's name. */
  readonly name: string
  readonly what: string
  readonly query: LogQuery
  /** Whether walks resumed inside its pages are recorded too. */
  readonly resumes: boolean
  /** Whether only its first page is recorded, since the walk would read all of a long log. */
  readonly isExcerpt: boolean
}

/** A sample of the log, read before the recording. */
export interface Sample {
  /** The newest executions. */
  readonly executions: ReadonlyArray<Execution>
  /** The reasons of rejected items among them. */
  readonly reasons: ReadonlyArray<string>
  /** Whether these are all executions. */
  readonly isWhole: boolean
}

// Enough executions to show pages, filters and statuses.
const recentExecutions = 24
const leastPages = 5

/** The queries that the contract suite needs, given a sample of the log. */
export const questionsFor = (
  connection: Connection,
  client: Client,
  sample: Sample,
  search: string | null,
): ReadonlyArray<Question> => {
  const explained = (query: LogQuery) => planOf(client, query)
  const detail = detailQuery(connection, client, sample.executions)
  const bound = boundOf(sample)
  // A walk ends at the lower bound if the provider filters by it, or core stops below it.
  const isEndless = (base: LogQuery) => {
    const plan = explained({ ...base, ...bound })
    return !sample.isWhole && plan?.stopsBefore === null && !isSent(plan, bound)
  }
  const known = { explained, isEndless, sample, bound, search }
  const base = wholeLog(connection)
  const questions = questionsOf("list", base, connection.list, known)
  const included = gives(connection.list)
  return [
    ...questions,
    ...(included.length > 0 && explained({ include: included })?.endpoint === connection.list.name
      ? [
          {
            name: "list-included",
            what: `with ${included.join(", ")}`,
            query: {
              ...base,
              ...(isEndless({ include: included }) ? { pageSize: leastPages } : bound),
              include: included,
            },
            resumes: false,
            isExcerpt: isEndless({ include: included }),
          },
        ]
      : []),
    ...(connection.detail === null || detail === null
      ? []
      : questionsOf("detail", detail, connection.detail, { ...known, search: null })),
  ]
}

/** The query of everything, including planned executions. */
export const wholeLog = ({ list }: Connection): LogQuery =>
  list.time.listsPlanned === true ? { planned: true } : {}

/** The query that selects the second list endpoint, with all its parts; null if there is none. */
export const detailQuery = (
  connection: Connection,
  client: Client,
  executions: ReadonlyArray<Execution>,
): LogQuery | null => {
  const include = gives(connection.detail)
  const workflowIds = distinct(executions.map(({ workflow }) => workflow.id))
  const queries = [
    { include },
    ...workflowIds.slice(0, 1).map((workflowId) => ({ workflowId, include })),
  ]
  const leads = (query: LogQuery) => planOf(client, query)?.endpoint === connection.detail?.name
  return queries.find(leads) ?? null
}

/** The parts of an endpoint, except raw. */
const gives = (endpoint: Connection["list"] | null) =>
  endpoint?.gives.filter((part) => part !== "raw") ?? []

interface Known {
  readonly explained: (query: LogQuery) => QueryPlan | null
  readonly isEndless: (base: LogQuery) => boolean
  readonly sample: Sample
  /** Limits the queries of a long log to its newest executions. */
  readonly bound: LogQuery
  readonly search: string | null
}

/** The queries of one list endpoint. */
const questionsOf = (
  prefix: string,
  base: LogQuery,
  endpoint: Connection["list"],
  { explained, isEndless, sample, bound, search }: Known,
): ReadonlyArray<Question> => {
  const isExcerpt = isEndless(base)
  const asks = (name: string, what: string, query: LogQuery, resumes = false): Question => ({
    name: `${prefix}-${name}`,
    what,
    query: { ...base, ...(isExcerpt ? { pageSize } : bound), ...query },
    resumes,
    isExcerpt,
  })
  const isPushedDown = (filter: LogQuery) => isSent(explained({ ...base, ...filter }), filter)
  const pageSize = Math.min(
    endpoint.maxPageSize,
    Math.max(1, Math.ceil(Math.min(sample.executions.length, recentExecutions) / leastPages)),
  )
  const statuses = executionStatuses.filter((status) => isPushedDown({ status: [status] }))
  const seen = distinct(sample.executions.map(({ status }) => status))
  const actorId = distinct(sample.executions.map(({ actor }) => actor?.id ?? null)).find((id) =>
    isPushedDown({ actorId: id }),
  )
  const workflowId = distinct(sample.executions.map(({ workflow }) => workflow.id)).find((id) =>
    isPushedDown({ workflowId: id }),
  )
  const tag = distinct(sample.executions.flatMap(({ tags }) => tags)).find((one) =>
    isPushedDown({ tag: one }),
  )
  const providerStatus = distinct(
    sample.executions.map((execution) => execution.providerStatus),
  ).find((word) => isPushedDown({ providerStatus: word }))
  const attributes = attributesOf(sample).filter((one) => isPushedDown({ attributes: one }))
  const range = rangeOf(sample)
  return [
    ...(sample.isWhole
      ? []
      : [
          { ...asks("newest", "a long log, from the newest on", {}), query: { ...base, pageSize } },
        ]),
    ...(isExcerpt ? [] : [asks("pages", "a walk over small pages", { pageSize }, true)]),
    ...endpoint.orders
      .filter((order) => order !== "newest")
      .map((order) => asks(order, `the ${order} first`, { order, pageSize })),
    ...(workflowId === undefined || base.workflowId !== undefined
      ? []
      : [asks("workflow", "filtered by workflow", { workflowId })]),
    ...statuses.map((status) =>
      asks(`status-${status.replaceAll("_", "-")}`, `filtered by status ${status}`, {
        status: [status],
      }),
    ),
    ...(seen.length > 2
      ? [asks("statuses", "filtered by several statuses", { status: seen.slice(0, 2) })]
      : []),
    ...(actorId === undefined ? [] : [asks("actor", "filtered by actor", { actorId })]),
    ...(range !== null && isPushedDown({ since: range.since })
      ? [asks("time-after", "from an instant on", { since: range.since })]
      : []),
    ...(range !== null &&
    (isPushedDown({ since: range.since }) || isPushedDown({ until: range.until }))
      ? [asks("time-range", "a range of time", range)]
      : []),
    ...(tag === undefined ? [] : [asks("tag", "filtered by tag", { tag })]),
    ...(range !== null && isPushedDown({ finishedSince: range.since })
      ? [asks("finished-after", "what ended from an instant on", { finishedSince: range.since })]
      : []),
    ...(range !== null && isPushedDown({ finishedUntil: range.until })
      ? [
          asks("finished-range", "what ended in a range of time", {
            finishedSince: range.since,
            finishedUntil: range.until,
          }),
        ]
      : []),
    ...(providerStatus === undefined
      ? []
      : [asks("provider-status", "filtered by the provider's word", { providerStatus })]),
    ...attributes.map((one) => {
      const [name = ""] = Object.keys(one)
      return asks(`attribute-${fileName(name)}`, `filtered by ${name}`, { attributes: one })
    }),
    ...(base.planned === true
      ? [asks("without-planned", "without what is planned", { planned: false })]
      : []),
    ...(search !== null && explained({ ...base, search }) !== null
      ? [asks("search", "a search", { search })]
      : []),
  ]
}

/** The values, each once, without null. */
export const distinct = <A>(values: ReadonlyArray<A | null>): ReadonlyArray<A> => [
  ...new Set(values.filter((value) => value !== null)),
]

/** The first value of each text attribute. */
const attributesOf = ({ executions }: Sample): ReadonlyArray<{ readonly [name: string]: string }> =>
  distinct(executions.flatMap(({ attributes }) => Object.keys(attributes))).flatMap((name) => {
    const values = executions.map(({ attributes }) => attributes[name])
    const value = values.find((one) => typeof one === "string")
    return value === undefined ? [] : [{ [name]: value }]
  })

const fileName = (name: string): string =>
  name.replaceAll(/(?<=[a-z])(?=[A-Z])|[^\dA-Za-z]+/g, "-").toLowerCase()

const timesOf = ({ executions }: Sample): ReadonlyArray<Date> =>
  distinct(executions.map(({ timestamp }) => timestamp?.getTime() ?? null))
    .toSorted((a, b) => b - a)
    .map((time) => new Date(time))

const boundOf = (sample: Sample): LogQuery => {
  const times = timesOf(sample)
  const lowest = times[Math.min(recentExecutions, times.length) - 1]
  return sample.isWhole || lowest === undefined ? {} : { since: lowest.toISOString() }
}

/** The period of the middle third of the sample. */
const rangeOf = (sample: Sample): { readonly since: string; readonly until: string } | null => {
  const times = timesOf(sample).slice(0, sample.isWhole ? undefined : recentExecutions)
  const after = times[Math.floor((times.length * 2) / 3)]
  const before = times[Math.floor(times.length / 3)]
  return after === undefined || before === undefined || after >= before
    ? null
    : { since: after.toISOString(), until: before.toISOString() }
}
