import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { type PrefectWireTask, startSimulator } from "../src/index.js"
import { prefectItems, prefectRuns } from "./Requests.js"

interface Exchange {
  method: string
  path: string
  reqheaders?: Record<string, string>
  body?: unknown
  status: number
  response: unknown
  rawHeaders: Array<string>
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"))

const { errors } = read("prefect-recorded-errors.json") as {
  errors: Array<{ case: string; exchange: Exchange }>
}

const authString = "admin:canary-password"

/** The credentials that the recording replaced by REDACTED. */
const credentialsOf = (name: string, scheme: string): string => {
  if (name.includes("wrong password")) return btoa("admin:canary-other")
  if (name.includes("no base64")) return "%%%"
  return scheme === "Bearer" ? "canary-key" : btoa(authString)
}

describe("the errors of a real Prefect 3.8.8", () => {
  it.each(errors)(
    "returns the recorded error when the request is: $case",
    async ({ case: name, exchange }) => {
      const { method, path, reqheaders, body, status, response, rawHeaders } = exchange
      await using simulator = await startSimulator({
        prefect: {
          csrf: name.startsWith("csrf"),
          authString: name.startsWith("auth") ? authString : undefined,
        },
      })
      const headers: Record<string, string> = { ...reqheaders }
      const scheme = headers["Authorization"]?.split(" ")[0]
      if (scheme !== undefined)
        headers["Authorization"] = `${scheme} ${credentialsOf(name, scheme)}`
      const answer = await fetch(`${simulator.url}/prefect${path}`, {
        method,
        headers,
        redirect: "manual",
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      expect(answer.status).toBe(status)
      expect(text === "" ? null : JSON.parse(text)).toEqual(response)
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const recorded = rawHeaders[index + 1]?.replace(
          "http://127.0.0.1:4200",
          `${simulator.url}/prefect`,
        )
        expect(answer.headers.get(rawHeaders[index] ?? "")).toBe(recorded)
      }
    },
  )
})

type Kinds = Record<string, Array<string>>

const shapes = read("prefect-recorded-shapes.json") as {
  runs: Kinds
  tasks: Kinds
  flows: Kinds
  states: Kinds
}

const kindOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "list"
  if (typeof value !== "string") return typeof value
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return "uuid"
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/.test(value) ? "time" : "text"
}

/** Objects whose keys are the user's. */
const openObjects = new Set(["parameters", "labels", "task_inputs", "context", "job_variables"])

const gather = (value: unknown, path: string, into: Map<string, Set<string>>): void => {
  into.set(path, (into.get(path) ?? new Set()).add(kindOf(value)))
  if (typeof value !== "object" || value === null || Array.isArray(value)) return
  if (openObjects.has(path.split(".").at(-1) ?? "")) return
  for (const [key, inner] of Object.entries(value))
    gather(inner, path === "" ? key : `${path}.${key}`, into)
}

const kindsOf = (items: Array<unknown>): Kinds => {
  const kinds = new Map<string, Set<string>>()
  for (const item of items) gather(item, "", kinds)
  kinds.delete("")
  return Object.fromEntries([...kinds].map(([path, found]) => [path, [...found].toSorted()]))
}

describe("the shapes of a real Prefect 3.8.8", () => {
  const prefect = { executions: 1500 }

  it("returns flow runs with the recorded fields, and values of the recorded kinds", async () => {
    await using simulator = await startSimulator({ port: null, prefect })
    // Some runs were recorded before any of their variables were set.
    expect({
      ...kindsOf([...simulator.prefect.truth()]),
      job_variables: ["null", "object"],
    }).toEqual(shapes.runs)
    const [listed = {}] = await prefectRuns(simulator, { limit: 1 })
    const keys = Object.keys(shapes.runs).filter((path) => !path.includes("."))
    expect(Object.keys(listed)).toEqual(keys)
  })

  it("returns task runs with the recorded fields, and values of the recorded kinds", async () => {
    await using simulator = await startSimulator({ port: null, prefect })
    const tasks: Array<PrefectWireTask> = []
    for (let offset = 0; offset < 2000; offset += 200) {
      tasks.push(...(await prefectItems(simulator, "task_runs/filter", { offset })))
    }
    const kinds = kindsOf(tasks)
    // No task was recorded while it ran, nor with another serializer.
    expect({ ...kinds, end_time: ["time"] }).toEqual(shapes.tasks)
    expect(kinds["end_time"]).toEqual(["null", "time"])
  })

  it("returns flows with the recorded fields", async () => {
    await using simulator = await startSimulator({ port: null, prefect })
    expect(kindsOf(await prefectItems(simulator, "flows/filter"))).toEqual(shapes.flows)
  })

  it("makes runs of the recorded states, with the recorded times set and unset", async () => {
    await using simulator = await startSimulator({ port: null, prefect })
    const states: Record<string, Set<string>> = {}
    for (const run of simulator.prefect.truth()) {
      const set = [
        run.start_time === null ? "-" : "s",
        run.end_time === null ? "-" : "e",
        run.next_scheduled_start_time === null ? "-" : "n",
      ].join("")
      const state = `${run.state_type} ${run.state_name}`
      states[state] = (states[state] ?? new Set()).add(set)
    }
    const made = Object.fromEntries(
      Object.entries(states).map(([state, sets]) => [state, [...sets]]),
    )
    // A run that was submitted again after a failure has a start already.
    expect({ ...made, "PENDING Submitting": ["---", "s--"] }).toEqual(shapes.states)
  })
})
