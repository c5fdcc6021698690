/**
 * Records the simulated fixtures: `node scripts/record-simulated.mjs`, after a build. The adapters
 * and the simulator are resolved as the adapters' own packages see them, since this package must
 * not depend on adapters that are tested by it.
 */
import { writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"

const root = new URL("../../../", import.meta.url)
const seen = (folder) => {
  const { resolve } = createRequire(new URL(`packages/adapters/${folder}/package.json`, root))
  return (specifier) => import(pathToFileURL(resolve(specifier)).href)
}
const [fromDify, fromAlloy, fromN8n] = [seen("dify"), seen("alloy"), seen("n8n")]
const { startSimulator } = await fromDify("@execlog/simulator")
const { createClient } = await fromDify("@execlog/core")
const { dify } = await fromDify("@execlog/dify")
const { alloy } = await fromAlloy("@execlog/alloy")
const { n8n } = await fromN8n("@execlog/n8n")

const now = "2026-11-21T08:00:00.000Z"
// A seed whose few executions show every status.
const seed = 29
const simulator = await startSimulator({
  port: 0,
  dify: { executions: 30, seed, now: new Date(now), perHour: 30 },
  alloy: { executions: 24, seed, now: new Date(now), perHour: 30 },
  n8n: { executions: 40, seed, now: new Date(now), perHour: 30 },
})

const answerHeaders = (response) =>
  [...response.headers].filter(([name]) => /^(content-type|x-version|x-env)$/.test(name)).flat()

/** A fetch that keeps what it saw, at the provider's own address and without the key. */
const recorder =
  ({ apiKey, baseUrl, publicUrl }, exchanges) =>
  async (input, init) => {
    const response = await fetch(input, init)
    const text = await response.clone().text()
    const url = new URL(String(input).replace(baseUrl, publicUrl))
    const { accept: _accept, ...sent } = init.headers
    const headers = Object.entries(sent).map(([name, value]) => [
      name,
      value.replace(apiKey, "REDACTED"),
    ])
    exchanges.push({
      scope: url.origin,
      method: init.method,
      path: url.pathname + url.search,
      reqheaders: Object.fromEntries(headers),
      status: response.status,
      response: JSON.parse(text),
      rawHeaders: answerHeaders(response),
    })
    return response
  }

const record = async (provider, name, query, { what, settings, resumeAfter = () => [] }) => {
  const { adapter, server } = provider
  const own = { apiKey: server.apiKey, baseUrl: server.baseUrl, ...settings }
  const clientInto = (exchanges) =>
    createClient(adapter(own), { fetch: recorder(server, exchanges), name: "contract-tests" })
  const exchanges = []
  const cursors = []
  const pageSizes = []
  const onRejected = ({ reason }) => {
    throw new Error(`The simulator gave ${adapter.id} an item that it cannot read: ${reason}`)
  }
  for await (const { cursor } of clientInto(exchanges).entries(query, { onRejected })) {
    cursors.push(cursor())
  }
  for await (const page of clientInto([]).pages(query)) pageSizes.push(page.executions.length)
  const resumed = []
  for (const after of resumeAfter(pageSizes)) {
    const rest = []
    for await (const _ of clientInto(rest).executions(query, { cursor: cursors[after - 1] })) void _
    resumed.push({ after, exchanges: rest })
  }
  await write(provider, name, {
    what,
    ...(settings === undefined ? {} : { settings }),
    query,
    exchanges,
    ...(resumed.length === 0 ? {} : { resumed }),
  })
}

const write = async ({ adapter }, name, { what, ...rest }) => {
  const fixture = {
    provenance: {
      kind: "simulated",
      provider: adapter.id,
      what,
      dataset: `${adapter.id}-simulated`,
      note: `Answers of @execlog/simulator, seed ${seed}; recorded by scripts/record-simulated.mjs.`,
    },
    now,
    ...rest,
  }
  const file = new URL(`fixtures/${adapter.id}/simulated-${name}.json`, root)
  await writeFile(file, `${JSON.stringify(fixture, null, 1)}\n`)
  console.log(`${file.pathname}: ${fixture.exchanges.length} exchanges`)
}

const recordGet = async (provider, name, id, what) => {
  const { adapter, server } = provider
  const exchanges = []
  const { apiKey, baseUrl } = server
  await createClient(adapter({ apiKey, baseUrl }), { fetch: recorder(server, exchanges) }).get(id)
  await write(provider, name, { what, query: { get: id }, exchanges })
}

/** The middle of the first, the third and the last page that hold more than one execution. */
const insidePages = (pageSizes) => {
  const places = []
  let before = 0
  for (const size of pageSizes) {
    if (size > 1) places.push(before + Math.floor(size / 2))
    before += size
  }
  return [...new Set([places[0], places[2], places.at(-1)])].filter((place) => place !== undefined)
}

const difyProvider = {
  adapter: dify,
  server: { ...simulator.dify, publicUrl: "https://api.dify.ai/v1" },
}
const rows = [...simulator.dify.truth()]
const session = rows.find((row) => row.created_by_role === "end_user").created_by_end_user
  .session_id
const account = rows.find((row) => row.created_by_role === "account")?.created_by_account
const range = { since: "2026-11-21T07:10:00Z", until: "2026-11-21T07:40:00Z" }
const walked = { what: "a walk over small pages", resumeAfter: insidePages }
await record(difyProvider, "walk", { pageSize: 7 }, walked)
await record(
  difyProvider,
  "status-failed",
  { status: ["failed"] },
  { what: "a status that Dify filters by" },
)
await record(
  difyProvider,
  "statuses",
  { status: ["failed", "partial", "running"] },
  { what: "statuses that execlog filters by" },
)
await record(
  difyProvider,
  "status-canceled",
  { status: ["canceled"] },
  { what: "a status of another word" },
)
await record(difyProvider, "actor-session", { actorId: session }, { what: "an end user" })
if (account) {
  const actorId = typeof account === "string" ? account : account.email
  await record(difyProvider, "actor-account", { actorId }, { what: "an account" })
}
await record(difyProvider, "time-range", range, {
  what: "a range of time",
  settings: { logDelay: "10m" },
})
await record(
  difyProvider,
  "time-after",
  { since: "2026-11-21T07:40:00Z" },
  { what: "from an instant on" },
)
await record(
  difyProvider,
  "workflow",
  { workflowId: "wf-1", status: ["failed"] },
  {
    what: "the workflow that the settings name",
    settings: { workflow: { id: "wf-1", name: "Support" } },
  },
)

const alloyProvider = {
  adapter: alloy,
  server: { ...simulator.alloy, publicUrl: "https://production.runalloy.com" },
}
const [workflowId] = simulator.alloy.workflowIds
const { userId: actorId } = [...simulator.alloy.truth()].find((of) => of.workflowId === workflowId)
await record(alloyProvider, "walk", { pageSize: 10 }, walked)
await record(
  alloyProvider,
  "status-failed",
  { status: ["failed"] },
  { what: "a status that Alloy filters by" },
)
await record(
  alloyProvider,
  "status-ended",
  { status: ["failed", "succeeded"], pageSize: 10 },
  { what: "both ends of an execution" },
)
await record(
  alloyProvider,
  "status-running",
  { status: ["running"] },
  { what: "what has no end yet" },
)
await record(alloyProvider, "workflow", { workflowId }, { what: "one workflow" })
await record(alloyProvider, "actor", { actorId }, { what: "one user" })
await record(alloyProvider, "time-range", range, {
  what: "a range of time",
  settings: { maxDuration: "2h" },
})
await record(
  alloyProvider,
  "time-after",
  { since: "2026-11-21T07:40:00Z" },
  { what: "from an instant on" },
)
await record(
  alloyProvider,
  "finished-after",
  { finishedSince: "2026-11-21T07:40:00Z" },
  { what: "what ended from an instant on" },
)
const include = ["steps", "inputs", "outputs"]
await record(alloyProvider, "detail-walk", { workflowId, include, pageSize: 2 }, walked)
await record(
  alloyProvider,
  "detail-oldest",
  { workflowId, include, order: "oldest", pageSize: 3 },
  { what: "the oldest first" },
)
await record(
  alloyProvider,
  "detail-status",
  { workflowId, include, status: ["failed"] },
  { what: "a status that execlog filters by" },
)
await record(alloyProvider, "detail-actor", { workflowId, include, actorId }, { what: "one user" })
await record(
  alloyProvider,
  "detail-time-range",
  { workflowId, include, ...range },
  { what: "a range of time" },
)

const n8nProvider = {
  adapter: n8n,
  server: { ...simulator.n8n, publicUrl: "https://n8n.example.com/api/v1" },
}
for (const status of ["crashed", "running", "waiting"]) {
  simulator.n8n.insert({ status, startedAt: new Date(now) })
}
const executions = [...simulator.n8n.truth()]
await record(n8nProvider, "walk", { pageSize: 7 }, walked)
for (const status of ["failed", "succeeded", "canceled", "running"]) {
  await record(
    n8nProvider,
    `status-${status}`,
    { status: [status] },
    { what: `status ${status}, that n8n filters by` },
  )
}
await record(
  n8nProvider,
  "statuses",
  { status: ["failed", "canceled"], pageSize: 10 },
  { what: "statuses that execlog filters by" },
)
await record(
  n8nProvider,
  "workflow",
  { workflowId: simulator.n8n.workflowIds[0], pageSize: 5 },
  { what: "one workflow", resumeAfter: insidePages },
)
await record(n8nProvider, "time-range", range, { what: "a range of time" })
await record(
  n8nProvider,
  "included",
  { workflowId: simulator.n8n.workflowIds[1], include, pageSize: 5 },
  { what: "one workflow with its data" },
)
for (const status of ["waiting", "running", "crashed", "canceled"]) {
  const { id } = executions.find((execution) => execution.status === status)
  await recordGet(n8nProvider, `get-${status}`, id, `one execution that is ${status}`)
}
for (const mode of ["retry", "integrated", "trigger"]) {
  const { id } = executions.find((execution) => execution.mode === mode)
  await recordGet(n8nProvider, `get-${mode}`, id, `one execution of mode ${mode}`)
}
await simulator.stop()
