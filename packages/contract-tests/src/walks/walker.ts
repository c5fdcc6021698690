import { createClient, type LogQuery } from "@execlog/core"

/** A process that walks pages until it is killed. It writes the ids of each page, then its cursor. */

interface Walk {
  readonly module: string
  readonly settings: never
  readonly query: LogQuery
  readonly cursor: string | null
}

const walk: Walk = JSON.parse(process.argv[2] ?? "")
const { default: adapter } = await import(walk.module)
const client = createClient(adapter(walk.settings))
for await (const page of client.pages(walk.query, { cursor: walk.cursor })) {
  const ids = page.executions.map(({ id }) => id)
  process.stdout.write(`${JSON.stringify({ ids })}\n`)
  process.stdout.write(`${JSON.stringify({ cursor: page.next })}\n`)
}
