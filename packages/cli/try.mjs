import { rmSync } from "node:fs"
import { startSimulator } from "@execlog/simulator"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"; import { alloy } from "@execlog/alloy"; import { n8n } from "@execlog/n8n"; import { prefect } from "@execlog/prefect"
import { openStore } from "../store/dist/index.js"
const N = Number(process.argv[2] ?? 1000)
const s = await startSimulator({ dify: { executions: N }, alloy: { executions: N }, n8n: { executions: N }, prefect: { executions: N } })
for (const f of ["", "-wal", "-shm"]) rmSync("/tmp/try.db" + f, { force: true })
const store = await openStore("/tmp/try.db")
const clients = [createClient(dify({ apiKey: s.dify.apiKey, baseUrl: s.dify.baseUrl })), createClient(alloy({ apiKey: s.alloy.apiKey, baseUrl: s.alloy.baseUrl })), createClient(n8n({ apiKey: s.n8n.apiKey, baseUrl: s.n8n.baseUrl })), createClient(prefect({ apiKey: s.prefect.apiKey, baseUrl: s.prefect.baseUrl }))]
for (const c of clients) {
  try {
  let t = performance.now(); const r = await store.sync(c); console.log(c.provider, Math.round(performance.now() - t), JSON.stringify(r))
  t = performance.now(); const r2 = await store.sync(c); console.log(c.provider, "again", Math.round(performance.now() - t), JSON.stringify(r2))
  t = performance.now(); const r3 = await store.sync(c); console.log(c.provider, "third", Math.round(performance.now() - t), JSON.stringify(r3))
  } catch (e) { console.log(c.provider, e) }
}
for await (const e of store.executions({ status: ["failed"] }, { limit: 3 })) console.log(e.connection, e.id, e.status, e.startedAt)
let n = 0; let t = performance.now(); for await (const rows of store.statisticRows()) n += rows.length; console.log("stat rows", n, performance.now() - t)
n = 0; t = performance.now(); for await (const e of store.executions()) n++; console.log("all", n, performance.now() - t)
console.log(await store.connections())
await store.close(); await s.close?.(); process.exit(0)
