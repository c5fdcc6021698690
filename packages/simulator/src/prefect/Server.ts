import { type Clock, makeClock } from "../shared/Clock.js"
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { microseconds } from "../shared/Instant.js"
import { readMadeOptions } from "../shared/MadeOptions.js"
import type { ProviderServer } from "../shared/ProviderServer.js"
import { isAllowed, type PrefectKeys, rejectedVersion } from "./Access.js"
import { makeEndpoints, type PrefectEndpoints } from "./Endpoints.js"
import { flowNamesOf } from "./Flows.js"
import { makePrefectHistory, type PrefectHistory } from "./History.js"
import { makePrefectLists, type PrefectLists } from "./Lists.js"
import type { PrefectInsert, PrefectOptions } from "./Options.js"
import { PrefectRejection } from "./Rejection.js"
import { answerRoute } from "./Routes.js"
import type { PrefectSimulator } from "./Simulator.js"
import { makePrefectTasks } from "./Tasks.js"
import { wireRun } from "./Wire.js"

/** The API of a Prefect 3 server over one history. */
export interface PrefectServer extends ProviderServer {
  /** How a test reads and changes the history. */
  readonly controls: Omit<PrefectSimulator, "baseUrl">
}

/** Answers without authorization, by path. */
const openAnswers = new Map<string, unknown>([
  ["/api/health", true],
  ["/api/ready", { message: "OK" }],
])

/** A server whose history the options describe. */
export const makePrefectServer = (options: PrefectOptions): PrefectServer => {
  const { now, ...made } = readMadeOptions(options)
  const nowMicroseconds = microseconds(now)
  const { flows = 4, ties = "byQuery" } = options
  const flowNames = flowNamesOf(flows)
  const clock = makeClock(nowMicroseconds, 1_000_000)
  const history = makePrefectHistory({
    ...made,
    nowMicroseconds,
    flows,
    runs: options.runs ?? null,
  })
  const tasks = makePrefectTasks(history)
  const lists = makePrefectLists(history, tasks, { flowNames, ties })
  const keys = { authString: options.authString ?? null, apiKey: options.apiKey ?? null }
  const spoiled = new Set<number>()
  let requests = 0
  const endpoints = makeEndpoints({
    history,
    lists,
    tasks,
    flowNames,
    spoiled,
    maxPageSize: options.maxPageSize ?? 200,
    clampTo: options.clampTo ?? Infinity,
    // Each request comes 10 ms after the one before.
    readAt: () => clock.now() + requests * 10_000,
  })
  return {
    offsetCostMs: options.offsetCostMs ?? 0,
    answer: (request) => {
      requests += 1
      return answer(options, keys, endpoints, request)
    },
    controls: makeControls({ history, lists, clock, keys, flowNames, spoiled }),
  }
}

const makeControls = ({
  history,
  lists,
  clock,
  keys,
  flowNames,
  spoiled,
}: {
  readonly history: PrefectHistory
  readonly lists: PrefectLists
  readonly clock: Clock
  readonly keys: PrefectKeys
  readonly flowNames: ReadonlyArray<string>
  readonly spoiled: Set<number>
}): PrefectServer["controls"] => {
  const rowOf = (id: string) => {
    const row = history.rowOf(id)
    if (row === null) throw new Error(`The Prefect simulator holds no flow run ${id}`)
    return row
  }
  const insert = ({ expectedStartTime, ...run }: PrefectInsert) => {
    const now = clock.tick()
    const due = expectedStartTime ?? now / 1000
    const row = history.insert({ ...run, expectedStartTime: due }, now)
    lists.noteChange()
    return history.idOf(row)
  }
  return {
    ...keys,
    flowIds: flowNames.map((_, flow) => history.ids.flow(flow)),
    flowNames,
    scheduleIds: flowNames.map((_, flow) => history.ids.schedule(flow)),
    truth: function* () {
      const { items } = lists.runs({
        sort: "EXPECTED_START_TIME_DESC",
        limit: Infinity,
        offset: 0,
        flows: null,
        flow_runs: null,
        task_runs: null,
      })
      for (const run of items) yield wireRun(history, run, clock.now())
    },
    insert: (run = {}) => insert(run),
    delete: (id) => {
      history.remove(rowOf(id))
      lists.noteChange()
    },
    setState: (id, state) => {
      history.move(rowOf(id), state, clock.tick())
      lists.noteChange()
    },
    spoil: (id) => {
      spoiled.add(rowOf(id))
    },
  }
}

const answer = (
  options: PrefectOptions,
  keys: PrefectKeys,
  endpoints: PrefectEndpoints,
  request: HttpRequest,
): HttpAnswer => {
  const { method, path, headers } = request
  const open = openAnswers.get(path)
  if (open !== undefined) return jsonAnswer(200, open)
  if (path.startsWith("/api/") && !isAllowed(keys, headers.authorization))
    return jsonAnswer(401, { exception_message: "Unauthorized" })
  const rejection = rejectedVersion(headers["x-prefect-api-version"])
  if (rejection !== null) return jsonAnswer(400, { detail: rejection })
  if (options.csrf === true && method === "POST")
    return jsonAnswer(403, { detail: "Missing CSRF token." })
  try {
    return answerRoute(endpoints, options.denied ?? [], request)
  } catch (cause) {
    if (cause instanceof PrefectRejection) return jsonAnswer(cause.status, cause.body)
    throw cause
  }
}
