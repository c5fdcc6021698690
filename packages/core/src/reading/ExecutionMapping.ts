import type { Joined } from "../adapter/Connection.js"
import type { Execution } from "../model/Execution.js"
import { completeExecution } from "./MapExecution.js"
import type { Json } from "../model/Json.js"
import { type Plan, queryWithoutParts } from "../walk/QueryPlan.js"
import type { Found } from "../walk/Row.js"
import { guarded, type Unreadable } from "../model/Guarded.js"

/** What a mapping knows beside an item. */
export interface MappingGround {
  readonly joined: Joined
  /** The items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
}

/** What is found on a page as executions, before any of them is filtered or masked. */
export const executionMapper = (
  { endpoint, query, source }: Plan,
  { joined, bare }: MappingGround,
): ((found: Found) => Execution | Unreadable) => {
  const forAll = { query, wanted: new Set(query.include) }
  const summary = queryWithoutParts(query)
  const forBare = { query: summary, wanted: new Set(summary.include) }
  const map = ({ item, at, raw }: Found) => {
    const { query: asked, wanted } = bare.has(raw) ? forBare : forAll
    return completeExecution(endpoint.execution(item, asked, joined), source, {
      listedAt: endpoint.time.isSequence ? null : new Date(at),
      // It came from JSON.parse, so it is JSON.
      raw: wanted.has("raw") ? (raw as Json) : undefined,
      wanted,
    })
  }
  return (found) => guarded(map, found)
}
