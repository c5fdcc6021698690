import { text } from "node:stream/consumers"
/**
 * Resumes from a cursor in a new process: reads a {@link ResumeRequest} from stdin and prints the ids of
 * the remaining executions as a JSON array.
 */
import { createClient } from "@execlog/core"
import { type Fixture, listQueryOf } from "./kit/Fixture.js"
import { asksWithin } from "./kit/JoinExchanges.js"
import { replay } from "./kit/Replay.js"
import type { ResumeRequest } from "./kit/ResumeRequest.js"
import { type AdapterUnderTest, connect, connectionName } from "./kit/Subject.js"

// FreshProcess.ts writes the request.
const request: ResumeRequest = JSON.parse(await text(process.stdin))
const { fixture, adapter: specifier, settings, cursor } = request
const { default: adapter }: { readonly default: AdapterUnderTest } = await import(specifier)
const connection = connect(adapter, settings)
const client = createClient(connection, { name: connectionName, transport: { retries: 0 } })
const ids: Array<string> = []
const secrets = adapter.settings
  .filter(({ kind }) => kind === "secret")
  .map(({ name }) => String(settings[name]))
const anyAt = fixture.request === "any" ? connection.baseUrl : null
const { name, exchanges, now } = fixture
const isRepeated = (exchange: Fixture["exchanges"][number]) => asksWithin(connection, exchange)
const options = { name, exchanges, now, anyAt, secrets, partly: true, isRepeated }
await replay(options, async () => {
  const query = listQueryOf(fixture) ?? {}
  for await (const { id } of client.executions(query, { cursor })) ids.push(id)
})
process.stdout.write(`${JSON.stringify(ids)}\n`)
