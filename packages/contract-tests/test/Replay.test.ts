import type { JsonObject } from "@execlog/core"
import { expect, it } from "vitest"
import type { Exchange } from "../src/kit/Fixture.js"
import { replay } from "../src/kit/Replay.js"

const exchange = (path: string, body: JsonObject): Exchange => ({
  scope: "https://sample.example.com",
  method: "POST",
  path,
  body,
  status: 200,
  response: [],
})

const options = {
  name: "rows",
  exchanges: [
    exchange("/names", { ids: [] }),
    exchange("/rows", { page: 1, filter: { state: ["bad"] } }),
  ],
  now: "2026-11-21T08:00:00.000Z",
  anyAt: null,
  secrets: [],
}

it("reports the request body that no exchange answers, and where it differs", async () => {
  const body = JSON.stringify({ page: 1, filter: { state: ["ok"] } })
  const headers = { "content-type": "application/json" }
  const ask = () => fetch("https://sample.example.com/rows", { method: "POST", body, headers })
  await expect(replay(options, ask)).rejects.toThrow(
    /request: POST https:.*\/rows, with the body {"page":1,.*\n {2}expected: POST .*\/rows; filter\.state\[0\] is "ok" instead of "bad"/,
  )
})
