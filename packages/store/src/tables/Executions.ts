import { type Execution, isTerminal } from "@execlog/core"
import { listingTime } from "@execlog/core/unstable"
import { storedText, storedTextOrNull } from "./StoredText.js"

/** The columns by which an execution is found and counted. */
export interface ExecutionRow {
  readonly key: number
  readonly connection_id: number
  readonly id: string
  readonly workflow_id: string | null
  readonly workflow_name: string | null
  readonly status: string
  readonly provider_status: string | null
  readonly is_open: 0 | 1
  readonly actor_id: string | null
  /** Its timestamp; `untimed` if it has none. */
  readonly timestamp: number
  readonly scheduled_for: number | null
  readonly started_at: number | null
  readonly finished_at: number | null
  readonly listing_at: number
  readonly duration_ms: number | null
  readonly total_tokens: number | null
  readonly error_message: string | null
  readonly observed_at: number
  readonly first_seen_at: number
  readonly stale_at: number | null
  /** Since when the provider no longer has this unfinished execution; else null. */
  readonly gone_at: number | null
  /** When its details were requested by `get`; null while that is due. */
  readonly details_at: number | null
  /** How often that request failed. */
  readonly details_tries: number
}

/** Stands for a missing time: such an execution sorts as the latest. */
export const untimed = 9e15

const longestErrorMessage = 500

/** The search columns of an execution. */
export const columnsOf = (
  execution: Execution,
): Omit<
  ExecutionRow,
  | "key"
  | "connection_id"
  | "observed_at"
  | "first_seen_at"
  | "stale_at"
  | "gone_at"
  | "details_at"
  | "details_tries"
> => ({
  id: storedText(execution.id),
  workflow_id: storedTextOrNull(execution.workflow.id),
  workflow_name: storedTextOrNull(execution.workflow.name),
  status: execution.status,
  provider_status: storedTextOrNull(execution.providerStatus),
  is_open: isTerminal(execution.status) ? 0 : 1,
  actor_id: storedTextOrNull(execution.actor?.id ?? null),
  timestamp: execution.timestamp?.getTime() ?? untimed,
  scheduled_for: execution.scheduledFor?.getTime() ?? null,
  started_at: execution.startedAt?.getTime() ?? null,
  finished_at: execution.finishedAt?.getTime() ?? null,
  listing_at: listingTime(execution) ?? untimed,
  duration_ms: execution.durationMs,
  total_tokens: execution.usage.totalTokens,
  error_message: storedTextOrNull(execution.error?.message.slice(0, longestErrorMessage) ?? null),
})
