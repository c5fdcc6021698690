/**
 * Goes on from a cursor in a process of its own: `node resume.js '{"fixture": …, "adapter": …,
 * "settings": …, "cursor": …}'` prints the ids of the executions that follow, as a JSON array.
 */
import { createClient } from "@execlog/core"
import { listQueryOf, loadFixture } from "./Fixture.js"
import { replay } from "./Replay.js"
import { type AdapterUnderTest, connect, connectionName } from "./Subject.js"

const [, , request = "{}"] = process.argv
// FreshProcess.ts, of this same package, writes the request.
const { fixture: path, adapter: specifier, settings, cursor } = JSON.parse(request)
const { default: adapter }: { readonly default: AdapterUnderTest } = await import(specifier)
const fixture = await loadFixture(path)
const connection = connect(adapter, settings)
const client = createClient(connection, { name: connectionName, transport: { retries: 0 } })
const ids: Array<string> = []
const secrets = adapter.settings
  .filter(({ kind }) => kind === "secret")
  .map(({ name }) => String(settings[name]))
const anyAt = fixture.request === "any" ? connection.baseUrl : null
const { exchanges, now } = fixture
await replay({ exchanges, now, anyAt, secrets, partly: true }, async () => {
  const query = listQueryOf(fixture) ?? {}
  for await (const { id } of client.executions(query, { cursor })) ids.push(id)
})
process.stdout.write(`${JSON.stringify(ids)}\n`)
