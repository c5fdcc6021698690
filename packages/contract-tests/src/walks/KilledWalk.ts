import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { LogQuery } from "@execlog/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { endpointNamed } from "../kit/ListEndpoint.js"
import type { MadeExecution, ServedAdapter } from "../kit/ProviderServer.js"
import { connect } from "../kit/Subject.js"
import { began } from "./History.js"

const timeoutMs = 120_000

/** The number of processes to kill, and the most lines that each writes before. */
const kills = 12
const mostLines = 9

/**
 * Registers a test for each list endpoint of an adapter: processes that walk its pages over HTTP are
 * killed one after the other, and each resumes from the last completely written cursor. `module` is the
 * built module with the adapter as its default export.
 */
export const killedWalkSuite = (served: ServedAdapter, module: URL): void => {
  describe.each(served.endpoints)("a process that walks $name", (endpoint) => {
    it(
      "returns each execution once when it is killed repeatedly",
      async () => {
        await using server = await served.start(longHistory(), { listen: true })
        const query: LogQuery = { pageSize: 4, ...endpoint.query(server) }
        const given: Array<string> = []
        let reached: { readonly cursor: string | null } = { cursor: null }
        const places = fc.sample(fc.integer({ min: 1, max: mostLines }), kills)
        // The last process runs to the end.
        for (const killedAfter of [...places, Number.POSITIVE_INFINITY]) {
          const walk = { module: module.href, settings: server.settings, query, ...reached }
          for await (const { ids, cursor } of writtenBy(walk, killedAfter)) {
            given.push(...ids)
            reached = { cursor }
          }
          if (reached.cursor === null && given.length > 0) break
        }
        const workflow = query.workflowId
        const { omits } = endpointNamed(connect(served.adapter, server.settings), endpoint.name)
        const isListed = (made: MadeExecution) =>
          made.durationMs !== null || omits?.statuses.includes("running") !== true
        const expected = longHistory().flatMap((made, index) =>
          isListed(made) && (workflow === undefined || server.workflowOf(made) === workflow)
            ? [server.ids[index] ?? ""]
            : [],
        )
        expect(given.toSorted(), `killed after lines ${places.join()}`).toEqual(expected.toSorted())
      },
      timeoutMs,
    )
  })
}

/** Overlapping executions, whose start and end events are pages apart. */
const longHistory = (): ReadonlyArray<MadeExecution> =>
  Array.from({ length: 120 }, (_, index) => ({
    startedAt: began + Math.floor(index / 3) * 1000,
    durationMs: index % 7 === 0 ? null : (index % 5) * 9000,
    outcome: "succeeded",
    delayMs: 0,
    workflow: index % 2,
    actor: 0,
  }))

interface WrittenPage {
  readonly ids: ReadonlyArray<string>
  readonly cursor: string | null
}

/** The complete pages that a process wrote before it was killed. */
async function* writtenBy(walk: unknown, killedAfter: number): AsyncGenerator<WrittenPage> {
  const file = fileURLToPath(new URL("./walker.js", import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(walk)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const closed = new Promise((resolve) => child.once("close", resolve))
  let lines = 0
  let ids: ReadonlyArray<string> | null = null
  for await (const line of createInterface({ input: child.stdout })) {
    lines += 1
    if (lines === killedAfter) child.kill("SIGKILL")
    // Output written before the kill still arrives; the last line may be incomplete.
    const read = wholeLine(line)
    if (read === null) break
    if ("ids" in read) ids = read.ids
    else if (ids !== null) yield { ids, cursor: read.cursor }
  }
  await closed
}

const wholeLine = (line: string): Pick<WrittenPage, "ids"> | Pick<WrittenPage, "cursor"> | null => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
