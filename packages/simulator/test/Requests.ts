import type {
  AlloyWireEvent,
  AlloyWireExecution,
  DifyWireRow,
  PrefectWireFlow,
  PrefectWireRun,
  PrefectWireTask,
  Simulator,
} from "../src/index.js"

export interface DifyPage {
  page: number
  limit: number
  total: number
  has_more: boolean
  data: Array<DifyWireRow>
}

export interface AlloyPage {
  notifications: Array<AlloyWireEvent>
  lastFetched: string
  pagination: { totalItems: number; totalPages: number; currentPage: number; pageSize: number }
}

export interface Answer<A> {
  status: number
  headers: Headers
  body: A
}

type Parameters = Record<string, string | number>

const ask = async <A>(
  url: string,
  parameters: Parameters,
  headers: Record<string, string>,
): Promise<Answer<A>> => {
  const query = new URLSearchParams(
    Object.entries(parameters).map(([key, value]) => [key, String(value)]),
  )
  const response = await fetch(query.size === 0 ? url : `${url}?${query}`, { headers })
  const text = await response.text()
  const json = response.headers.get("content-type") === "application/json"
  // The tests' one JSON boundary: an answer of another shape fails the expectations that follow.
  return {
    status: response.status,
    headers: response.headers,
    body: (json ? JSON.parse(text) : text) as A,
  }
}

const difyHeaders = (simulator: Simulator): Record<string, string> => ({
  authorization: `Bearer ${simulator.dify.apiKey}`,
})

const alloyHeaders = (simulator: Simulator): Record<string, string> => ({
  authorization: `bearer ${simulator.alloy.apiKey}`,
  "x-api-version": "2025-09",
})

export const difyLogs = (
  simulator: Simulator,
  parameters: Parameters = {},
): Promise<Answer<DifyPage>> =>
  ask(`${simulator.dify.baseUrl}/workflows/logs`, parameters, difyHeaders(simulator))

export const difyRun = (
  simulator: Simulator,
  id: string,
): Promise<Answer<Record<string, string | number | null>>> =>
  ask(`${simulator.dify.baseUrl}/workflows/run/${id}`, {}, difyHeaders(simulator))

export const everyDifyRow = async (
  simulator: Simulator,
  parameters: Parameters = {},
): Promise<Array<DifyWireRow>> => {
  const rows: Array<DifyWireRow> = []
  for (let page = 1; ; page += 1) {
    const { body } = await difyLogs(simulator, { limit: 100, ...parameters, page })
    rows.push(...body.data)
    if (!body.has_more) return rows
  }
}

export const alloyLogs = (
  simulator: Simulator,
  parameters: Parameters = {},
): Promise<Answer<AlloyPage>> =>
  ask(`${simulator.alloy.baseUrl}/logs`, parameters, alloyHeaders(simulator))

export const everyAlloyEvent = async (
  simulator: Simulator,
  parameters: Parameters = {},
): Promise<Array<AlloyWireEvent>> => {
  const events: Array<AlloyWireEvent> = []
  for (;;) {
    const { body } = await alloyLogs(simulator, { limit: 50, ...parameters, skip: events.length })
    events.push(...body.notifications)
    if (body.notifications.length === 0) return events
  }
}

export const alloyWorkflowLogs = (
  simulator: Simulator,
  workflowId: string,
  parameters: Parameters = {},
  headers = alloyHeaders(simulator),
): Promise<Answer<{ data: Array<AlloyWireExecution> }>> =>
  ask(`${simulator.alloy.baseUrl}/workflows/${workflowId}/logs`, parameters, headers)

export const condition = (
  column: string,
  operator: string,
  input: string | number,
): Record<string, unknown> => ({
  columns: { value: column },
  operators: { value: operator },
  userinput: { value: input },
  condition: { value: "and" },
})

export const filters = (...conditions: Array<unknown>): string => JSON.stringify(conditions)

type Asked = "flow_runs/filter" | "task_runs/filter" | "flows/filter"
interface PrefectItems extends Record<Asked, unknown> {
  "flow_runs/filter": PrefectWireRun
  "task_runs/filter": PrefectWireTask
  "flows/filter": PrefectWireFlow
}

const postPrefect = async (
  simulator: Simulator,
  path: string,
  body: Record<string, unknown>,
): Promise<unknown> => {
  const response = await simulator.fetch(`${simulator.prefect.baseUrl}/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}

export const prefectItems = async <Path extends Asked>(
  simulator: Simulator,
  path: Path,
  body: Record<string, unknown> = {},
): Promise<Array<PrefectItems[Path]>> =>
  (await postPrefect(simulator, path, body)) as Array<PrefectItems[Path]>

export const prefectRuns = (
  simulator: Simulator,
  body: Record<string, unknown> = {},
): Promise<Array<PrefectWireRun>> => prefectItems(simulator, "flow_runs/filter", body)

export const prefectCount = (
  simulator: Simulator,
  path: "flow_runs/count" | "task_runs/count",
  body: Record<string, unknown> = {},
): Promise<unknown> => postPrefect(simulator, path, body)

/** A flow run or a task run, and the status that came with it. */
export const prefectGet = async <A>(
  simulator: Simulator,
  path: string,
): Promise<{ status: number; body: A }> => {
  const response = await simulator.fetch(`${simulator.prefect.baseUrl}/${path}`)
  return { status: response.status, body: (await response.json()) as A }
}
