// Copied into an empty folder and run there: tells what one adapter reads, as JSON.

import { AdapterError, createClient } from "@execlog/core"

const { adapter: from, settings, limit } = JSON.parse(process.argv[2] ?? "{}")

/** How a call was refused. */
const refusal = (error) => {
  if (error instanceof AdapterError) return { reason: error.reason, message: error.message }
  throw error
}

const read = async (connection) => {
  const client = createClient(connection, { name: "dry-run" })
  const executions = []
  for await (const { id, provider, status } of client.executions({}, { limit })) {
    executions.push({ id, provider, status })
  }
  const [first] = executions
  const one = await client.get(first.id).then(({ id }) => id, refusal)
  const { filters } = client.explain({ status: ["failed"] })
  return { executions, one, filters }
}

const { default: adapter } = await import(from)
const connection = adapter(settings)
const { contractVersion } = connection
const outcome = await read(connection).catch((error) => ({ refused: refusal(error) }))
console.log(JSON.stringify({ contractVersion, ...outcome }))
