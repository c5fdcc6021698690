import { existsSync, readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { type DifyOptions, startSimulator } from "../src/index.js"

interface Exchange {
  path: string
  reqheaders?: Record<string, string>
  status: number
  response: unknown
  rawHeaders: Array<string>
}

const read = (file: URL): unknown => JSON.parse(readFileSync(file, "utf8"))

const errors = read(new URL("dify-recorded-errors.json", import.meta.url)) as Array<{
  case: string
  exchange: Exchange
}>

const codeOf = (response: unknown): unknown =>
  typeof response === "object" && response !== null && "code" in response ? response.code : null

const replay = async ({ path, reqheaders, status, response }: Exchange): Promise<Response> => {
  const dify: DifyOptions = {
    disabled: status === 403,
    chatApp: codeOf(response) === "not_workflow_app",
  }
  await using simulator = await startSimulator({ dify })
  const key = status === 401 ? "canary-another" : simulator.dify.apiKey
  const headers: Record<string, string> =
    reqheaders === undefined ? {} : { authorization: `Bearer ${key}` }
  const answer = await fetch(simulator.url + path, { headers })
  return new Response(await answer.text(), { status: answer.status, headers: answer.headers })
}

const expectHeaders = (answer: Response, rawHeaders: Array<string>): void => {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    expect(answer.headers.get(rawHeaders[index] ?? "")).toBe(rawHeaders[index + 1])
  }
}

describe("the errors of a real Dify 1.12.1", () => {
  it.each(errors)("returns the recorded error when the request is: $case", async ({ exchange }) => {
    const answer = await replay(exchange)
    const text = await answer.text()
    expect(answer.status).toBe(exchange.status)
    expect(typeof exchange.response === "string" ? text : JSON.parse(text)).toEqual(
      exchange.response,
    )
    expectHeaders(answer, exchange.rawHeaders)
  })
})

const folder = new URL("../../../fixtures/dify/", import.meta.url)
const fixtures = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith(".json"))
  : []

const shapeOf = (value: unknown): Array<string> =>
  typeof value === "object" && value !== null ? Object.keys(value) : []

describe.runIf(fixtures.length > 0)("the recorded fixtures of Dify", () => {
  it.each(fixtures)("answers as in the recording of %s", async (name) => {
    const { provenance, exchanges } = read(new URL(name, folder)) as {
      provenance: { kind: string; version?: string }
      exchanges: Array<Exchange>
    }
    if (provenance.kind !== "recorded" || provenance.version !== "1.12.1") return
    for (const exchange of exchanges) {
      const answer = await replay(exchange)
      const text = await answer.text()
      expect(answer.status).toBe(exchange.status)
      expectHeaders(answer, exchange.rawHeaders)
      if (exchange.status === 200)
        expect(shapeOf(JSON.parse(text))).toEqual(shapeOf(exchange.response))
      else
        expect(typeof exchange.response === "string" ? text : JSON.parse(text)).toEqual(
          exchange.response,
        )
    }
  })
})
