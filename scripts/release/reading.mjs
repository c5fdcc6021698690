// Compares the sample's output with the data of the server.

import { expectThat } from "./checks.mjs"
import { succeed } from "./commands.mjs"
import { sample } from "./consumer.mjs"

const limit = 30

/**
 * Runs the sample in a folder.
 * @param {import("./consumer.mjs").Consumer} consumer
 * @param {import("./runtimes.mjs").Runtime} runtime
 * @param {import("./providers.mjs").Served} provider
 * @param {string} adapter what the adapter is imported from
 */
export const read = async (
  { folder, env },
  runtime,
  { settings, packageName },
  adapter = packageName,
) => {
  const wanted = JSON.stringify({ adapter, settings, limit })
  return JSON.parse(await succeed(runtime.program, [sample, wanted], { cwd: folder, env }))
}

/**
 * Throws unless it is the first executions of this provider, each once, with one by its id where the
 * provider gives one, and a plan.
 * @param {import("./providers.mjs").Served} provider
 */
export const expectRead = (
  { id, gives, ids },
  { rejected, executions, givesOne, one, filters },
) => {
  expectThat(rejected === undefined, `${id} was rejected: ${rejected?.message}`)
  expectThat(
    new Set(executions.map((execution) => execution.id)).size === limit,
    `Of ${id}, ${executions.length} executions were read and not ${limit} different ones.`,
  )
  for (const execution of executions) {
    expectThat(ids.has(execution.id), `${id} has no execution ${execution.id}.`)
    expectThat(
      execution.provider === id,
      `An execution of ${id} is called ${execution.provider}'s.`,
    )
    expectThat(execution.status !== "unknown", `${execution.id} of ${id} has no known status.`)
  }
  expectThat(givesOne || !gives, `${id} is said to give no execution by its id.`)
  if (givesOne) expectThat(one === executions[0].id, `get gave ${JSON.stringify(one)}.`)
  else expectThat(one.reason === "Unsupported", `get gave ${JSON.stringify(one)}.`)
  expectThat(
    filters.some(({ filter }) => filter === "status"),
    `explain says nothing of the filter by status: ${JSON.stringify(filters)}`,
  )
}
