import type { Command } from "commander"
import { type ConnectionFlags, collect } from "./ConnectionFlags.js"
import type { DetailsFlag } from "./DetailsFlag.js"
import type { FormatFlag } from "./FormatFlag.js"
import type { GoneFlag, StoredFlags } from "./StoreFlags.js"

/** The flags of a query. */
export interface QueryFlags {
  readonly workflow?: string
  readonly status?: string
  readonly tag?: string
  readonly since?: string
  readonly until?: string
  readonly finishedSince?: string
  readonly finishedUntil?: string
  readonly planned?: boolean
  readonly providerStatus?: string
  readonly where?: ReadonlyArray<string>
  readonly actor?: string
  readonly search?: string
  readonly order?: string
  readonly limit?: string
  readonly pageSize?: string
  readonly include?: string
  readonly cursor?: string
}

/** The default of --limit. */
export const defaultLimit = 50

/** The flag --page-size and its help. */
export const pageSizeFlag = [
  "--page-size <number>",
  "items in one request; default: what the provider allows",
] as const

/** Adds the flags that filter executions. */
export const withFilterFlags = (command: Command): Command =>
  command
    .optionsGroup("Query:")
    .option("--workflow <id>", "only executions of this workflow")
    .option(
      "--status <list>",
      "only these statuses, such as failed,timed_out; '!succeeded': all others",
    )
    .option("--tag <tag>", "only executions with this tag")
    .option(
      "--since <time>",
      "only from this time on, by the start, or by the end or due time of what never started. ISO 8601 (UTC without a zone), or an age: 24h, 7d",
    )
    .option("--until <time>", "only before this time")
    .option(
      "--finished-since <time>",
      "only executions that ended from this time on, whenever they started; written like --since",
    )
    .option("--finished-until <time>", "only executions that ended before this time")
    .option("--planned", "also executions that are due later and have not started")
    .option(
      "--provider-status <word>",
      "only executions with this status of the provider's own, such as CRASHED",
    )
    .option(
      "--where <name=value>",
      "only executions with this value of an attribute, compared as text; repeatable",
      collect,
    )
    .option("--actor <id>", "only executions on behalf of this user or account")
    .option("--search <text>", "the provider's own search")

/** Adds the flags of a query. `limit` is the command's default; null for none. */
export const withQueryFlags = (command: Command, limit: number | null = defaultLimit): Command =>
  withFilterFlags(command)
    .option("--order <order>", "newest or oldest first; default: newest")
    .option(
      "--limit <number>",
      `return at most this many over all connections, or all; default: ${limit ?? "all"}`,
    )
    .option(...pageSizeFlag)
    .option(
      "--include <list>",
      "also return steps, inputs, outputs or raw, as far as the list gives them",
    )
    .option("--cursor <cursor>", "resume where an earlier call ended; for one connection")

/** The flags of `list`; `explain` takes the same. */
export interface ListFlags
  extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags, GoneFlag, DetailsFlag {
  readonly strict?: boolean
}
