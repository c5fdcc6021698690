import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { type Instant, microseconds } from "../shared/Instant.js"
import { type PrefectQuery, type PrefectQueryRules, readPrefectQuery } from "./Query.js"
import { flowTest } from "./Filters.js"
import { PrefectHistory } from "./History.js"
import { PrefectLists, type PrefectTies } from "./Lists.js"
import type { PrefectWireRun } from "./Objects.js"
import { RUN_SORTS, TASK_SORTS } from "./Order.js"
import { PrefectRefusal, uuidIn } from "./Problems.js"
import type { PrefectRun, PrefectState } from "./Run.js"
import { flowNames, wireFlow, wireRun, wireTask } from "./Wire.js"

/** What a key may be kept from reading. */
export const PREFECT_DENIED = ["flows", "task_runs"] as const
type PrefectDenied = (typeof PREFECT_DENIED)[number]

/** The Prefect side of a simulator. */
export interface PrefectOptions {
  /** How many flow runs to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead, the newest first. */
  readonly runs?: readonly PrefectRun[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** Made runs lie before it, but for some that are scheduled. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** How dense the made history is. Default 120. */
  readonly perHour?: number | undefined
  /** Default 4. */
  readonly flows?: number | undefined
  /** Order of rows of equal time: the same always, another for each query, or for each page too. Default "byQuery". */
  readonly ties?: PrefectTies | undefined
  /** What Basic authorization must hold: "user:password". Default: none is asked for. */
  readonly authString?: string | undefined
  /** What Bearer authorization must hold. Default: none is asked for. */
  readonly apiKey?: string | undefined
  /** The server wants a token against forged requests, which it is never sent. */
  readonly csrf?: boolean | undefined
  /** What the key may not read: its filter answers 403. Default: nothing. */
  readonly denied?: readonly PrefectDenied[] | undefined
  /** Both the default and the largest limit. Default 200. */
  readonly maxPageSize?: number | undefined
  /** A larger limit is silently taken as this one. */
  readonly clampTo?: number | undefined
  /** Time that 1000 skipped rows cost. Default 0. */
  readonly offsetCostMs?: number | undefined
}

/** A flow run to insert. By default it is expected now, which moves on by 250 ms. */
export interface PrefectInsert extends Omit<PrefectRun, "expectedStartTime"> {
  readonly expectedStartTime?: Instant | undefined
}

/** Where Prefect is served; its API lies below, under /api. */
export const PREFECT_BASE = "/prefect"

const OPEN = new Map<string, unknown>([
  ["/api/health", true],
  ["/api/ready", { message: "OK" }],
])
const PLAIN = new Map<string, unknown>([
  ["/api/version", "0.8.4"],
  ["/api/admin/version", "3.8.8"],
])
const FLOW_SORTS = ["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"]
const ONE = /^\/api\/(flow_runs|task_runs|flows)\/([^/]+)$/
const NAMES = { flow_runs: "Flow run", task_runs: "Task", flows: "Flow" } as const

/** The API of a Prefect 3 server over one history. */
export class PrefectServer {
  readonly authString: string | null
  readonly apiKey: string | null
  readonly offsetCostMs: number
  readonly flowIds: readonly string[]
  readonly flowNames: readonly string[]
  readonly scheduleIds: readonly string[]
  readonly #options: PrefectOptions
  readonly #history: PrefectHistory
  readonly #lists: PrefectLists
  readonly #posts: ReadonlyMap<string, (body: string) => HttpAnswer>
  readonly #spoiled = new Set<number>()
  #clock: number
  #reads = 0

  constructor(options: PrefectOptions) {
    const flows = options.flows ?? 4
    this.#options = options
    this.authString = options.authString ?? null
    this.apiKey = options.apiKey ?? null
    this.offsetCostMs = options.offsetCostMs ?? 0
    this.#clock = microseconds(options.now ?? new Date("2026-11-21T08:00:00Z"))
    this.flowNames = flowNames(flows)
    this.#history = new PrefectHistory({
      executions: options.executions ?? 250,
      runs: options.runs ?? null,
      seed: options.seed ?? 1,
      nowMicroseconds: this.#clock,
      perHour: options.perHour ?? 120,
      flows,
    })
    this.flowIds = this.flowNames.map((_, flow) => this.#history.ids.flow(flow))
    this.scheduleIds = this.flowNames.map((_, flow) => this.#history.ids.schedule(flow))
    this.#lists = new PrefectLists(this.#history, this.flowNames, options.ties ?? "byQuery")
    this.#posts = new Map([
      ["/api/flow_runs/filter", (body) => this.#runs(body)],
      ["/api/flow_runs/count", (body) => this.#countRuns(body)],
      ["/api/task_runs/filter", (body) => this.#tasks(body)],
      ["/api/task_runs/count", (body) => this.#countTasks(body)],
      ["/api/flows/filter", (body) => this.#flows(body)],
    ])
  }

  *truth(): Generator<PrefectWireRun, void, undefined> {
    const query = this.#query("", ["flows", "flow_runs"], [], "EXPECTED_START_TIME_DESC")
    for (const run of this.#lists.runs(query).items) yield wireRun(this.#history, run, this.#clock)
  }

  insert(insert: PrefectInsert): string {
    const { expectedStartTime, ...run } = insert
    const now = this.#tick()
    const row = this.#history.insert(
      { ...run, expectedStartTime: expectedStartTime ?? now / 1000 },
      now,
    )
    this.#lists.changed()
    return this.#history.idOf(row)
  }

  delete(id: string): void {
    this.#history.remove(this.#rowOf(id))
    this.#lists.changed()
  }

  setState(id: string, state: PrefectState): void {
    this.#history.move(this.#rowOf(id), state, this.#tick())
    this.#lists.changed()
  }

  spoil(id: string): void {
    this.#spoiled.add(this.#rowOf(id))
  }

  answer(request: HttpRequest): HttpAnswer {
    const { method, path, headers } = request
    this.#reads += 1
    const open = OPEN.get(path)
    if (open !== undefined) return jsonAnswer(200, open)
    if (path.startsWith("/api/") && !this.#isAllowed(headers.authorization))
      return jsonAnswer(401, { exception_message: "Unauthorized" })
    const refusal = this.#refusedVersion(headers["x-prefect-api-version"])
    if (refusal !== null) return jsonAnswer(400, { detail: refusal })
    if (this.#options.csrf === true && method === "POST")
      return jsonAnswer(403, { detail: "Missing CSRF token." })
    try {
      return this.#route(request)
    } catch (cause) {
      if (cause instanceof PrefectRefusal) return jsonAnswer(cause.status, cause.body)
      throw cause
    }
  }

  #route({ method, path, headers, body }: HttpRequest): HttpAnswer {
    const notFound = jsonAnswer(404, { detail: "Not Found" })
    const notAllowed = (allow: string): HttpAnswer =>
      jsonAnswer(405, { detail: "Method Not Allowed" }, { allow })
    const denied = this.#options.denied?.some((kind) => path === `/api/${kind}/filter`)
    if (denied === true) return jsonAnswer(403, { detail: "Forbidden" })
    const post = this.#posts.get(path)
    if (post !== undefined) return method === "POST" ? post(body) : notAllowed("POST")
    const plain = PLAIN.get(path)
    if (plain !== undefined) return method === "GET" ? jsonAnswer(200, plain) : notAllowed("GET")
    if (/^\/api\/(?:flow_runs|task_runs|flows)\/$/.test(path)) {
      if (method !== "POST") return notAllowed("POST")
      throw new PrefectRefusal(501, "The simulator makes nothing over HTTP")
    }
    const bare = path.replace(/\/$/, "")
    if (bare !== path && (this.#posts.has(bare) || PLAIN.has(bare) || ONE.test(bare))) {
      const location = `http://${headers.host ?? "localhost"}${PREFECT_BASE}${bare}`
      return { status: 307, headers: { location }, body: "" }
    }
    const [, kind, id] = ONE.exec(path) ?? []
    const uuid = uuidIn(id)
    if (uuid === null || (kind !== "flow_runs" && kind !== "task_runs" && kind !== "flows"))
      return notFound
    if (method !== "GET") return notAllowed("GET")
    const one = this.#one(kind, uuid)
    return one === null
      ? jsonAnswer(404, { detail: `${NAMES[kind]} not found` })
      : jsonAnswer(200, one)
  }

  #one(kind: keyof typeof NAMES, id: string): unknown {
    if (kind === "flows") {
      const flow = this.flowIds.indexOf(id)
      return flow === -1 ? null : wireFlow(this.#history, this.flowNames, flow)
    }
    if (kind === "task_runs") {
      const task = this.#lists.task(id)
      return task === null ? null : wireTask(this.#history, task, this.#readAt)
    }
    const row = this.#history.rowOf(id)
    if (row === null) return null
    this.#expectSound([row])
    return wireRun(this.#history, row, this.#readAt)
  }

  #expectSound(rows: readonly number[]): void {
    if (rows.some((row) => this.#spoiled.has(row)))
      throw new PrefectRefusal(500, "Internal Server Error")
  }

  #runs(body: string): HttpAnswer {
    const query = this.#query(body, ["flows", "flow_runs"], RUN_SORTS)
    const found = this.#lists.runs(query)
    const runs = this.#lists.page(found, query)
    this.#expectSound(runs)
    const items = runs.map((run) => wireRun(this.#history, run, this.#readAt))
    return jsonAnswer(200, items, {}, Math.min(query.offset, found.to - found.from))
  }

  #countRuns(body: string): HttpAnswer {
    const query = this.#query(body, ["flows", "flow_runs"], [], "EXPECTED_START_TIME_DESC")
    const { from, to } = this.#lists.runs(query)
    return jsonAnswer(200, to - from)
  }

  #tasks(body: string): HttpAnswer {
    const query = this.#query(body, ["flows", "flow_runs", "task_runs"], TASK_SORTS)
    const found = this.#lists.tasks(query)
    const tasks = this.#lists.page(found, query)
    const items = tasks.map((task) =>
      wireTask(this.#history, this.#lists.factsOfTask(task), this.#readAt),
    )
    return jsonAnswer(200, items, {}, Math.min(query.offset, found.to - found.from))
  }

  #countTasks(body: string): HttpAnswer {
    const query = this.#query(body, ["flows", "flow_runs", "task_runs"], [])
    return jsonAnswer(200, this.#lists.tasks(query).to)
  }

  #flows(body: string): HttpAnswer {
    const query = this.#query(body, ["flows", "flow_runs"], FLOW_SORTS, "NAME_ASC")
    const { flows, flow_runs } = query
    const passes = flows === null ? () => true : flowTest(this.#history, flows, this.flowNames)
    const named = new Set<number>()
    if (flow_runs !== null) {
      const { items } = this.#lists.runs({ ...query, sort: "ID_DESC", flows: null })
      for (const run of items) named.add(this.#history.flowOf(run))
    }
    const all = this.flowNames
      .map((_, flow) => flow)
      .filter((flow) => passes(flow) && (flow_runs === null || named.has(flow)))
      .map((flow) => wireFlow(this.#history, this.flowNames, flow))
      .toSorted((left, right) =>
        query.sort.startsWith("NAME")
          ? (left.name < right.name ? 1 : -1) * (query.sort === "NAME_ASC" ? -1 : 1)
          : left.created < right.created
            ? 1
            : -1,
      )
    return jsonAnswer(200, all.slice(query.offset, query.offset + query.limit))
  }

  #query(
    body: string,
    filters: PrefectQueryRules["filters"],
    sorts: readonly string[],
    sortByDefault = "ID_DESC",
  ): PrefectQuery {
    const maxPageSize = this.#options.maxPageSize ?? 200
    const query = readPrefectQuery(body, { sorts, sortByDefault, filters, maxPageSize })
    return { ...query, limit: Math.min(query.limit, this.#options.clampTo ?? query.limit) }
  }

  #isAllowed(authorization: string | undefined): boolean {
    if (this.authString === null && this.apiKey === null) return true
    // The words are read as they stand: "basic" is refused.
    const basic = this.authString === null ? null : `Basic ${btoa(this.authString)}`
    const bearer = this.apiKey === null ? null : `Bearer ${this.apiKey}`
    return authorization !== undefined && (authorization === basic || authorization === bearer)
  }

  #refusedVersion(version: string | readonly string[] | undefined): string | null {
    if (version === undefined) return null
    const parts = /^(\d+)\.(\d+)\.\d+$/.exec(String(version))
    if (parts === null)
      return `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${String(version)}`
    return Number(parts[1]) > 0 || Number(parts[2]) >= 8
      ? null
      : `The request specified API version ${String(version)} but this server requires version 0.8.0 or higher.`
  }

  #rowOf(id: string): number {
    const row = this.#history.rowOf(id)
    if (row !== null) return row
    throw new Error(`The Prefect simulator holds no flow run ${id}`)
  }

  #tick(): number {
    this.#clock += 250_000
    return this.#clock
  }

  /** The instant of a request: each comes 10 ms after the one before. */
  get #readAt(): number {
    return this.#clock + this.#reads * 10_000
  }
}
