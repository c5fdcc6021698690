import { createClient, type ExecutionStatus, type Execution, type LogQuery } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { asksWithin, withoutJoins } from "../kit/JoinExchanges.js"
import { endpointNamed } from "../kit/ListEndpoint.js"
import type {
  MadeExecution,
  ProviderServer,
  ServedAdapter,
  ServedEndpoint,
} from "../kit/ProviderServer.js"
import { connect } from "../kit/Subject.js"
import { answerable } from "./AnswerableQuery.js"
import type { Change } from "./History.js"
import { limitedFetch, type Limits } from "./LimitedFetch.js"
import { type MovingHistory, movingHistory } from "./MovingHistory.js"

/** A made-up query; its workflow and actor are indexes until the server has started. */
export interface MadeQuery extends Omit<LogQuery, "workflowId" | "actorId"> {
  readonly workflow: number | null
  readonly actor: number | null
}

/** How a part of a walk is read, before another client resumes. */
export type Part =
  | { readonly by: "page"; readonly pages: number }
  /** The index of the request from which the server fails. */
  | { readonly by: "pages"; readonly failsAt: number; readonly parallelWindows: number }
  | { readonly by: "entries"; readonly limit: number }

/** A walk to test. */
export interface MadeWalk {
  readonly history: ReadonlyArray<MadeExecution>
  readonly query: MadeQuery
  readonly changes: ReadonlyArray<ReadonlyArray<Change>>
  readonly limits: Limits
  /** The parts, in order; the rest is read page by page. */
  readonly parts: ReadonlyArray<Part>
  readonly shufflesTies: boolean
}

/** A returned execution, and the requests between which its page was requested. */
interface Given {
  readonly execution: Execution
  readonly from: number
  readonly to: number
}

/** The result of a walk. */
export interface WalkOutcome {
  readonly query: LogQuery
  readonly given: ReadonlyArray<Given>
  readonly warnings: ReadonlyArray<string>
  readonly history: MovingHistory
  readonly server: ProviderServer
  /** The statuses that the list omits in this walk. */
  readonly omitted: ReadonlyArray<ExecutionStatus>
  /** Whether events are folded, so that later events above a page are not seen. */
  readonly isFolded: boolean
}

/** Reads a walk to the end. */
export const runWalk = async (
  served: ServedAdapter,
  endpoint: ServedEndpoint,
  walk: MadeWalk,
): Promise<WalkOutcome> => {
  await using server = await served.start(walk.history, {
    listen: false,
    shufflesTies: walk.shufflesTies,
  })
  const { workflow, actor, ...rest } = walk.query
  // Walks are tested without joins.
  const connection: Connection = withoutJoins(connect(served.adapter, server.settings))
  const query = answerable(createClient(connection), {
    ...rest,
    ...(workflow === null ? {} : { workflowId: server.workflowId(workflow) }),
    ...(actor === null ? {} : { actorId: server.actorId(actor) }),
    ...endpoint.query(server),
  })
  const history = movingHistory(server, walk.history)
  const list = endpointNamed(connection, endpoint.name)
  let requests = 0
  let failsAt = Number.POSITIVE_INFINITY
  const { filters, consistency } = createClient(connection).explain(query)
  const limits = isNamed(list) && walk.shufflesTies ? withoutLoss(walk.limits) : walk.limits
  // If a bound of time is ignored, the walk goes by pages and is not exact.
  const isExact =
    consistency === "exact" && !boundsOf(list).some((one) => limits.ignores.includes(one))
  const changes = isExact ? walk.changes : withoutCancelling(walk.changes, list)
  const limited = limitedFetch(server.fetch, list, filters, limits, (count) => {
    if (count > mostRequests) throw new Error("The walk sends requests endlessly.")
    requests = count + 1
    if (count >= failsAt) throw new Error("The server is gone.")
    if (count > 0) history.apply(changes[count - 1] ?? [], count)
  })
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = { method: init?.method ?? "GET", path: new URL(String(input)).pathname }
    return (asksWithin(connection, request) ? server.fetch : limited)(input, init)
  }
  const given: Array<Given> = []
  const warnings: Array<string> = []
  // Only the cursor is shared between parts.
  const client = () => createClient(connection, { fetch, transport: { retries: 0 } })
  let cursor: string | null | undefined
  const take = (executions: ReadonlyArray<Execution>, from: number) => {
    given.push(...executions.map((execution) => ({ execution, from, to: requests })))
  }
  const readPages = async (most: number) => {
    for (let count = 0; count < most && cursor !== null; count++) {
      const from = requests
      const page = await client().page(query, cursor)
      take(page.executions, from)
      warnings.push(...page.warnings.map(({ text }) => text))
      cursor = page.next
    }
  }
  for (const part of walk.parts) {
    if (cursor === null) break
    if (part.by === "page") await readPages(part.pages)
    else if (part.by === "pages") {
      failsAt = requests + part.failsAt
      try {
        const { parallelWindows } = part
        for await (const page of client().pages(query, { cursor, parallelWindows })) {
          take(page.executions, 0)
          cursor = page.next
        }
      } catch {
        // The walk resumes after the last complete page.
      }
      failsAt = Number.POSITIVE_INFINITY
    } else {
      const options = { cursor, limit: part.limit, onWarning: () => {}, onRejected: () => {} }
      let count = 0
      for await (const entry of client().entries(query, options)) {
        take([entry.execution], 0)
        cursor = entry.cursor()
        count += 1
      }
      if (count < part.limit) cursor = null
    }
  }
  await readPages(Number.POSITIVE_INFINITY)
  const omitted: ReadonlyArray<ExecutionStatus> =
    query.status === undefined || walk.limits.ignores.includes("status")
      ? (list.omits?.statuses ?? [])
      : []
  return { query, given, warnings, history, server, omitted, isFolded: list.fold !== null }
}

/** Whether each page says how to request the next one, so that pages cannot overlap. */
const isNamed = ({ pagination: { style } }: Connection["list"]): boolean =>
  style !== "pageNumber" && style !== "offset"

/** The filters whose bounds a walk by windows needs: pages that overlap do with the upper one. */
const boundsOf = (list: Connection["list"]): ReadonlyArray<"since" | "until"> =>
  isNamed(list) && list.time.walk === "windows" ? ["since", "until"] : ["until"]

/** Without bounds of time, pages that cannot overlap need a provider that keeps its order. */
const withoutLoss = (limits: Limits): Limits => ({
  ...limits,
  ignores: limits.ignores.filter((filter) => filter !== "since" && filter !== "until"),
})

/**
 * The changes that a best-effort walk must survive: only additions or only deletions. If one execution is
 * added and another deleted between two requests, the pages do not show that a third was skipped. Of
 * pages whose names count rows, deletions alone can hide an execution.
 */
const withoutCancelling = (
  changes: MadeWalk["changes"],
  { pagination }: Connection["list"],
): MadeWalk["changes"] => {
  const counts = "keyset" in pagination && !pagination.keyset
  const isComing = counts || changes.length % 2 === 0
  return changes.map((together) =>
    together.filter(({ change }) => change === "finish" || (change === "insert") === isComing),
  )
}

// A walk with more requests does not end.
const mostRequests = 3000

/** Whether an execution of a server matches a query in one of its states. */
export const isMatching = (
  { query, server }: Pick<WalkOutcome, "query" | "server">,
  made: MadeExecution,
  status: ExecutionStatus,
): boolean => {
  const instant = (time: LogQuery["since"]) => new Date(time ?? 0).getTime()
  return (
    (query.status === undefined || query.status.includes(status)) &&
    (query.actorId === undefined || query.actorId === server.actorOf(made)) &&
    (query.workflowId === undefined || query.workflowId === server.workflowOf(made)) &&
    (query.since === undefined || made.startedAt >= instant(query.since)) &&
    (query.until === undefined || made.startedAt < instant(query.until))
  )
}
