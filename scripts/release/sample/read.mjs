// Copied into an empty folder and run there: prints the executions of one adapter as JSON.

import { AdapterError, createClient } from "@execlog/core"

const { adapter: from, settings, limit } = JSON.parse(process.argv[2] ?? "{}")

/** How a call was rejected. */
const rejection = (error) => {
  if (error instanceof AdapterError) return { reason: error.reason, message: error.message }
  throw error
}

const read = async (connection) => {
  const client = createClient(connection, { name: "dry-run" })
  const read = []
  for await (const execution of client.executions({}, { limit })) read.push(execution)
  const [first] = read
  // A core, or an adapter, of before knows an execution by its own id alone.
  const givesOne =
    connection.get !== null || (client.idToGet !== undefined && connection.list.lookup != null)
  const asked = client.idToGet?.(first) ?? first.id
  const one = await client.get(asked).then(({ id }) => id, rejection)
  const { filters } = client.explain({ status: ["failed"] })
  const executions = read.map(({ id, provider, status }) => ({ id, provider, status }))
  return { executions, givesOne, one, filters }
}

const { default: adapter } = await import(from)
const connection = adapter(settings)
const { contractVersion } = connection
const outcome = await read(connection).catch((error) => ({ rejected: rejection(error) }))
console.log(JSON.stringify({ contractVersion, ...outcome }))
