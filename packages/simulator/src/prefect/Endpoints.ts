import { type HttpAnswer, jsonAnswer } from "../shared/HttpAnswer.js"
import { findFlows, flowSorts } from "./Flows.js"
import type { PrefectHistory } from "./History.js"
import type { PrefectLists } from "./Lists.js"
import { runSorts, taskSorts } from "./Order.js"
import { type PrefectQueryRules, readPrefectQuery } from "./Query.js"
import { PrefectRejection } from "./Rejection.js"
import type { PrefectTasks } from "./Tasks.js"
import { wireFlow, wireRun, wireTask } from "./Wire.js"

/** The endpoints of flow runs, task runs and flows. Each throws a `PrefectRejection` for a bad request. */
export interface PrefectEndpoints {
  /** Filters and counts by their path. They read a body. */
  readonly posts: ReadonlyMap<string, (body: string) => HttpAnswer>
  /** An object by its id, or null. */
  readonly one: (kind: "flow_runs" | "task_runs" | "flows", id: string) => unknown
}

/** The endpoints over one history. */
export const makeEndpoints = ({
  history,
  lists,
  tasks,
  flowNames,
  spoiled,
  maxPageSize,
  clampTo,
  readAt,
}: {
  readonly history: PrefectHistory
  readonly lists: PrefectLists
  readonly tasks: PrefectTasks
  readonly flowNames: ReadonlyArray<string>
  /** Rows that break the page they are on. */
  readonly spoiled: ReadonlySet<number>
  /** A larger limit is rejected. */
  readonly maxPageSize: number
  /** A larger limit is reduced to this one. */
  readonly clampTo: number
  /** The time of the request, in microseconds. */
  readonly readAt: () => number
}): PrefectEndpoints => {
  const flowIds = flowNames.map((_, flow) => history.ids.flow(flow))
  const ofRuns: PrefectQueryRules["filters"] = ["flows", "flow_runs"]
  const ofTasks: PrefectQueryRules["filters"] = ["flows", "flow_runs", "task_runs"]
  const read = (
    body: string,
    filters: PrefectQueryRules["filters"],
    sorts: ReadonlyArray<string>,
    sortByDefault = "ID_DESC",
  ) => {
    const query = readPrefectQuery(body, { sorts, sortByDefault, filters, maxPageSize })
    return { ...query, limit: Math.min(query.limit, clampTo) }
  }
  const rejectSpoiled = (rows: ReadonlyArray<number>) => {
    if (rows.some((row) => spoiled.has(row)))
      throw new PrefectRejection(500, "Internal Server Error")
  }

  const filterRuns = (body: string) => {
    const query = read(body, ofRuns, runSorts)
    const found = lists.runs(query)
    const runs = lists.page(found, query)
    rejectSpoiled(runs)
    const items = runs.map((run) => wireRun(history, run, readAt()))
    return jsonAnswer(200, items, {}, Math.min(query.offset, found.to - found.from))
  }
  const countRuns = (body: string) => {
    const { from, to } = lists.runs(read(body, ofRuns, [], "EXPECTED_START_TIME_DESC"))
    return jsonAnswer(200, to - from)
  }
  const filterTasks = (body: string) => {
    const query = read(body, ofTasks, taskSorts)
    const found = lists.tasks(query)
    const items = lists
      .page(found, query)
      .map((task) => wireTask(history, tasks.factsOf(task), readAt()))
    return jsonAnswer(200, items, {}, Math.min(query.offset, found.to - found.from))
  }
  const countTasks = (body: string) => jsonAnswer(200, lists.tasks(read(body, ofTasks, [])).to)
  const filterFlows = (body: string) => {
    const query = read(body, ofRuns, flowSorts, "NAME_ASC")
    return jsonAnswer(200, findFlows(history, lists, flowNames, query))
  }

  return {
    posts: new Map([
      ["/api/flow_runs/filter", filterRuns],
      ["/api/flow_runs/count", countRuns],
      ["/api/task_runs/filter", filterTasks],
      ["/api/task_runs/count", countTasks],
      ["/api/flows/filter", filterFlows],
    ]),
    one: (kind, id) => {
      if (kind === "flows") {
        const flow = flowIds.indexOf(id)
        return flow === -1 ? null : wireFlow(history, flowNames, flow)
      }
      if (kind === "task_runs") {
        const task = tasks.withId(id)
        return task === null ? null : wireTask(history, task, readAt())
      }
      const row = history.rowOf(id)
      if (row === null) return null
      rejectSpoiled([row])
      return wireRun(history, row, readAt())
    },
  }
}
