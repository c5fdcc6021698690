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
const [fromDify, fromAlloy] = [seen("dify"), seen("alloy")]
const { startSimulator } = await fromDify("@execlog/simulator")
const { createClient } = await fromDify("@execlog/core")
const { dify } = await fromDify("@execlog/dify")
const { alloy } = await fromAlloy("@execlog/alloy")

const now = "2026-11-21T08:00:00.000Z"
// A seed whose few executions show every status.
const seed = 29
const simulator = await startSimulator({
  port: 0,
  dify: { executions: 30, seed, now: new Date(now), perHour: 30 },
  alloy: { executions: 24, seed, now: new Date(now), perHour: 30 },
})

const answerHeaders = (response) =>
  [...response.headers].filter(([name]) => /^(content-type|x-version|x-env)$/.test(name)).flat()

/** A fetch that keeps what it saw, at the provider's own address and without the key. */
const recorder =
  ({ baseUrl, publicUrl }, exchanges) =>
  async (input, init) => {
    const response = await fetch(input, init)
    const text = await response.clone().text()
    const url = new URL(String(input).replace(baseUrl, publicUrl))
    const { accept: _accept, ...headers } = init.headers
    exchanges.push({
      scope: url.origin,
      method: init.method,
      path: url.pathname + url.search,
      reqheaders: { ...headers, authorization: "Bearer REDACTED" },
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
  const fixture = {
    provenance: {
      kind: "simulated",
      provider: adapter.id,
      what,
      dataset: `${adapter.id}-simulated`,
      note: `Answers of @execlog/simulator, seed ${seed}; recorded by scripts/record-simulated.mjs.`,
    },
    now,
    ...(settings === undefined ? {} : { settings }),
    query,
    exchanges,
    ...(resumed.length === 0 ? {} : { resumed }),
  }
  const file = new URL(`fixtures/${adapter.id}/simulated-${name}.json`, root)
  await writeFile(file, `${JSON.stringify(fixture, null, 1)}\n`)
  console.log(`${file.pathname}: ${exchanges.length} exchanges, ${cursors.length} executions`)
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
const range = { startedAfter: "2026-11-21T07:10:00Z", startedBefore: "2026-11-21T07:40:00Z" }
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
  { startedAfter: "2026-11-21T07:40:00Z" },
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
  { startedAfter: "2026-11-21T07:40:00Z" },
  { what: "from an instant on" },
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
await simulator.stop()
