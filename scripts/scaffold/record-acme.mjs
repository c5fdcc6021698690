// Runs inside of the written package, with its own copies of what it needs: asks the server through
// the built adapter, and writes what went over the wire as the fixtures that the contract suite wants.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const { ACME_URL: baseUrl = "", ACME_API_KEY: apiKey } = process.env
const folder = process.cwd()
const load = (path) => import(pathToFileURL(join(folder, path)).href)
const { createClient } = await load("node_modules/@execlog/core/dist/index.js")
const { acme } = await load("dist/index.js")

const publicUrl = "https://api.acme.example/v2"
const fixtures = join(folder, "fixtures")
await mkdir(fixtures, { recursive: true })
for (const name of await readdir(fixtures)) await rm(join(fixtures, name))

const queries = {
  walk: { pageSize: 6 },
  all: {},
  "status-failed": { status: ["failed"] },
  workflow: { workflowId: "flow-1" },
  range: { startedAfter: "2026-11-20T08:05:00Z", startedBefore: "2026-11-20T08:15:00Z" },
  get: { get: "9006" },
  "error-unknown-run": { get: "1" },
}

for (const [name, query] of Object.entries(queries)) {
  const exchanges = []
  const fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init)
    const url = new URL(String(input).replace(baseUrl, publicUrl))
    exchanges.push({
      scope: url.origin,
      method: init.method,
      path: url.pathname + url.search,
      reqheaders: { "x-acme-key": "REDACTED" },
      status: response.status,
      response: JSON.parse((await response.clone().text()).replaceAll(baseUrl, publicUrl)),
      rawHeaders: ["content-type", "application/json"],
    })
    return response
  }
  const client = createClient(acme({ apiKey, baseUrl }), { fetch, name: "contract-tests" })
  let expect
  if (query.get === undefined) for await (const _ of client.pages(query)) void _
  else {
    await client.get(query.get).catch((error) => {
      expect = { reason: error.reason, status: error.status }
    })
  }
  const fixture = {
    provenance: { kind: "simulated", provider: "acme", dataset: "acme" },
    now: "2026-11-20T12:00:00.000Z",
    query,
    exchanges,
    expect,
  }
  await writeFile(join(fixtures, `${name}.json`), JSON.stringify(fixture))
}
