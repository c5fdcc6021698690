// An invented provider on loopback, as a new adapter's author meets it: names of its own, pages that
// give the URL of the next one, filters, one run by its id, and a key in a header.

import { createServer } from "node:http"

const begin = Date.parse("2026-11-20T08:00:00.250Z")
const states = ["SUCCESS", "ZONKED", "SUCCESS", "RUNNING", "SUCCESS"]
const iso = (time) => new Date(time).toISOString()

const rows = Array.from({ length: 23 }, (_, index) => {
  const state = states[index % states.length]
  const started = begin + index * 60_000
  const seconds = 2 + (index % 7) / 2
  return {
    runId: 9000 + index,
    State: state,
    created_at: iso(started - 500),
    started_at: iso(started),
    finishedAt: state === "RUNNING" ? null : iso(started + seconds * 1000),
    elapsed: state === "RUNNING" ? null : seconds,
    flow: { id: `flow-${index % 3}`, name: `Flow ${index % 3}` },
    mode: index % 2 === 0 ? "cron" : "webhook",
    error: state === "ZONKED" ? { message: "The step Ship zonked.", code: "E_ZONK" } : null,
    "retry-of": index % 5 === 1 && index > 5 ? 8995 + index : null,
    cost: index / 4,
  }
}).toReversed()

/**
 * @param {URL} url
 * @returns {{ status: number, body: unknown }}
 */
const answer = (url) => {
  const { pathname, searchParams } = url
  const id = /\/runs\/(\d+)$/.exec(pathname)?.[1]
  if (id !== undefined) {
    const row = rows.find(({ runId }) => runId === Number(id))
    return row === undefined
      ? { status: 404, body: { error: { message: `There is no run ${id}.` } } }
      : { status: 200, body: { ...row, input: { order: row.runId }, output: null } }
  }
  if (!pathname.endsWith("/runs")) {
    return { status: 404, body: { error: { message: "No such path." } } }
  }
  const { state, flow, from = "0", to = "9", below = "9999" } = Object.fromEntries(searchParams)
  const matching = rows.filter(
    (row) =>
      row.runId < Number(below) &&
      (state === undefined || state.split(",").includes(row.State ?? "")) &&
      (flow === undefined || flow === row.flow.id) &&
      row.created_at >= from &&
      row.created_at <= to,
  )
  const size = Math.min(Number(searchParams.get("per_page") ?? 10), 50)
  const runs = matching.slice(0, size)
  const next = new URL(url)
  next.searchParams.set("below", String(runs.at(-1)?.runId))
  const links = { next: matching.length > size ? next.href : null }
  return { status: 200, body: { runs, links } }
}

/** Starts the server; it takes any key, but not none. */
export const startAcme = async () => {
  const server = createServer((request, response) => {
    const { status, body } =
      request.headers["x-acme-key"] === undefined
        ? { status: 401, body: { error: { message: "Send a key." } } }
        : answer(new URL(request.url ?? "/", `http://${request.headers.host}`))
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(body))
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)))
  const address = /** @type {import("node:net").AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}/v2`,
    stop: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  }
}
