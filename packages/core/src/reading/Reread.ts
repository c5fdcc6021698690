import * as Effect from "effect/Effect"
import { DecodeFault, guarded } from "../model/DecodeFault.js"
import type { Execution } from "../model/Execution.js"
import { type Json, isJsonList } from "../model/Json.js"
import { redactExecution, redactRejected } from "../model/Masking.js"
import { hasLostParts, rejectDeep } from "../model/Nesting.js"
import type { Requests } from "../transport/Requests.js"
import type { Plan } from "../walk/Plan.js"
import { type Found, readRow } from "../walk/Row.js"
import { executionMapper } from "./MapPage.js"
import { nothingJoined, readJoins } from "./ReadJoins.js"

/** The result of decoding a rejected item again. */
export type Reread =
  | { readonly ok: true; readonly execution: Execution }
  | { readonly ok: false; readonly reason: string }

/** Decodes items again, each by itself, as if they were on a page of the plan. */
export const rereadItems = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  items: ReadonlyArray<Json>,
) {
  const found = items.map((raw, index) => findItem(plan, raw, index))
  const readable = found.flatMap((one) => (one instanceof DecodeFault ? [] : [one.item]))
  const joined =
    plan.joins.length === 0 || readable.length === 0
      ? nothingJoined
      : yield* readJoins(requests, plan.joins, readable, "list")
  // Executions without their joined rows would count as decoded, and not be tried again.
  const [failure] = joined.failures
  if (failure !== undefined) return yield* failure
  const map = executionMapper(plan, { joined: joined.rows, bare: new Set() })
  const { redact } = plan.source
  return found.map((one, index): Reread => {
    const execution = one instanceof DecodeFault ? one : map(one)
    if (!(execution instanceof DecodeFault)) {
      return {
        ok: true,
        execution: redact === null ? execution : redactExecution(redact, execution),
      }
    }
    const { reason } = redactRejected(redact, items[index] ?? null, execution)
    return { ok: false, reason: requests.clean(reason) }
  })
})

/** An item; if the list contains events, those of one execution. */
const findItem = ({ endpoint }: Plan, raw: Json, index: number): Found | DecodeFault => {
  const { fold } = endpoint
  const events = fold !== null && isJsonList(raw) ? raw : [raw]
  if (events.some(hasLostParts)) return rejectDeep()
  const rows = events.map((event) => readRow(endpoint, event, index))
  const rejected = rows.find((row) => !row.ok)
  if (rejected !== undefined) return rejected.fault
  const read = rows.filter((row) => row.ok)
  const [first] = read
  if (first === undefined) return new DecodeFault("it contains no event")
  const item =
    fold === null
      ? first.item
      : guarded(
          fold.merge,
          read.map((row) => row.item),
        )
  if (item instanceof DecodeFault) return item
  return { item, index, at: first.at, raw: fold === null ? raw : events }
}
