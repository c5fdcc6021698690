import type { Joined } from "./Connection.js"
import type { Execution } from "./Execution.js"
import { completeExecution } from "./ExecutionCompletion.js"
import type { Json } from "./Json.js"
import type { Plan } from "./QueryPlan.js"
import { type Found, guarded, type Unreadable } from "./Row.js"

/** What is found on a page as executions, before any of them is filtered or masked. */
export const executionMapper = (
  { endpoint, query, source }: Plan,
  joined: Joined,
): ((found: Found) => Execution | Unreadable) => {
  const wanted = new Set(query.include)
  const map = ({ item, at, raw }: Found) =>
    completeExecution(endpoint.execution(item, query, joined), source, {
      listedAt: endpoint.time.isSequence ? null : new Date(at),
      // It came from JSON.parse, so it is JSON.
      raw: wanted.has("raw") ? (raw as Json) : undefined,
      wanted,
    })
  return (found) => guarded(map, found)
}
