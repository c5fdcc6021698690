/**
 * Reads a first page in a new process, with the machine's clock: `node unattended.js
 * '{"adapter": …, "settings": …, "query": …, "transport": …}'` prints the outcome, and must then end by
 * itself.
 */
import { AdapterError, createClient } from "@execlog/core"
import { type AdapterUnderTest, connect, connectionName } from "../kit/Subject.js"

const [, , request = "{}"] = process.argv
// UnattendedProcess.ts writes the request.
const { adapter: specifier, settings, query, transport } = JSON.parse(request)
const { default: adapter }: { readonly default: AdapterUnderTest } = await import(specifier)
const client = createClient(connect(adapter, settings), { name: connectionName, transport })
const outcome = await client.page(query).then(
  ({ executions }) => `${executions.length} executions`,
  (error: unknown) => (AdapterError.is(error) ? error.reason : String(error)),
)
process.stdout.write(outcome)
