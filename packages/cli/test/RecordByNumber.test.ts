import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { n8n } from "@execlog/n8n"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it } from "vitest"
import { directoryWith, execlog } from "./Execlog.js"
import { suiteOver } from "./RecordedSuite.js"

const key = "canary-n8n-1"

// Yesterday, because the times in a fixture must be before its recording.
const now = new Date(Date.now() - 86_400_000)

/** Records an n8n with a number of executions and one running. */
const record = async (executions: number) => {
  await using simulator = await startSimulator({
    n8n: { executions, seed: 29, now, perHour: 30, apiKey: key },
  })
  simulator.n8n.insert({ startedAt: now })
  const directory = directoryWith({})
  const { baseUrl } = simulator.n8n
  const { code, stderr } = await execlog(
    ["record", "--provider", "n8n", "--set", `baseUrl=${baseUrl}`, "--out", "fixtures"],
    { directory, environment: { N8N_API_KEY: key } },
  )
  expect(code).toBe(0)
  const folder = join(directory, "fixtures")
  const files = readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), "utf8")
    return { name: name.replace(".json", ""), text, ...JSON.parse(text) }
  })
  return { baseUrl, stderr, folder, files }
}

describe("the fixtures that record writes of a list by numbers", () => {
  it("passes the contract suite, compared with the whole list", async () => {
    const { baseUrl, stderr, folder, files } = await record(40)
    expect(stderr).toBe("")
    expect(files.map(({ name }) => name)).toContain("list-included")
    expect(files.filter(({ excerpt }) => excerpt === true)).toEqual([])
    const kept = await suiteOver(n8n, folder, { baseUrl })
    // There is no fixture for failed: n8n's filter for it omits crashed executions.
    for (const name of ["list-status-succeeded", "list-workflow"]) {
      expect(kept).toContain(`filterEquivalence over ${name}`)
    }
    expect(kept).toContain("filterEquivalence over list-status-canceled")
    expect(kept).toContain("cursorInsidePages over list-pages")
    expect(kept).toContain("outputSchema over list-included")
    expect(kept).toContain("listAndGetAgree over get-failed")
    // The list omits running executions: only the filter returns them.
    expect(kept).toContain("filterHolds over list-status-running")
    expect(kept).not.toContain("filterEquivalence over list-status-running")
    for (const { text, exchanges } of files) {
      expect(text).not.toContain(key)
      for (const { reqheaders } of exchanges)
        expect(reqheaders).toMatchObject({ "x-n8n-api-key": "REDACTED" })
    }
  })

  it("contains only the first pages when the log is long", async () => {
    const { stderr, files } = await record(3000)
    expect(stderr).toContain("A walk of n8n cannot end at a time, so only the first pages")
    const lists = files.filter(({ name }) => name.startsWith("list-"))
    expect(lists.length).toBeGreaterThan(5)
    for (const { name, exchanges, excerpt, text } of lists) {
      expect([name, excerpt, exchanges.length]).toEqual([name, true, 1])
      expect(text.length).toBeLessThan(50_000)
    }
    expect(lists.find(({ name }) => name === "list-included")?.query).toEqual({
      pageSize: 5,
      include: ["steps", "inputs", "outputs"],
    })
  })
})
