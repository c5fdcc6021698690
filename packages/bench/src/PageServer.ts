/**
 * Dify's log over HTTP, with pages that are written once and then served from memory, so that the
 * server costs little beside what is measured. `GET /served` tells how many rows it has given.
 */
import { createServer } from "node:http"
import { difyRows } from "./DifyRows.ts"

const rows = await difyRows(Number(process.argv[2]))
const written = rows.map((row) => JSON.stringify(row))
const pages = new Map<string, { readonly body: Buffer; readonly count: number }>()
let served = 0

/** The index of the first row that is listed at or before a second. */
const firstAtOrBefore = (second: number): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle]?.created_at ?? 0) > second) low = middle + 1
    else high = middle
  }
  return low
}

const writePage = (parameters: URLSearchParams): { body: Buffer; count: number } => {
  const before = parameters.get("created_at__before")
  const page = Number(parameters.get("page") ?? 1)
  const limit = Number(parameters.get("limit") ?? 20)
  const first = before === null ? 0 : firstAtOrBefore(Math.floor(Date.parse(before) / 1000))
  const from = first + (page - 1) * limit
  const data = written.slice(from, from + limit)
  const total = rows.length - first
  const head = JSON.stringify({ page, limit, total, has_more: from + limit < rows.length })
  return {
    body: Buffer.from(`${head.slice(0, -1)},"data":[${data.join(",")}]}`),
    count: data.length,
  }
}

const server = createServer((request, response) => {
  const path = request.url ?? ""
  if (path === "/served") {
    response.end(String(served))
    return
  }
  const page = pages.get(path) ?? writePage(new URL(path, "http://localhost").searchParams)
  pages.set(path, page)
  served += page.count
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": page.body.length,
  })
  response.end(page.body)
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) {
    process.stdout.write(`http://127.0.0.1:${address.port}\n`)
  }
})

process.stdin.resume().once("end", () => {
  server.closeAllConnections()
  server.close()
})
