import { type ConnectionFlags, collect } from "./ConnectionFlags.js"
import type { DetailsFlag } from "./DetailsFlag.js"
import type { FormatFlag } from "./FormatFlag.js"
import type { GoneFlag, StoredFlags } from "./StoreFlags.js"
import type { Command } from "commander"

/** Which executions are asked for. */
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

/** How many executions are given where nothing is said. */
export const defaultLimit = 50

/** The flag of all commands that list: its name, and what it means. */
export const pageSizeFlag = [
  "--page-size <number>",
  "items in one request; default: what the provider allows",
] as const

/** Adds the flags that say which executions are meant, and not how they are read. */
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
      "counts under then or later: when it started, or ended or was due where it never started. ISO 8601 (UTC without a zone), or an age: 24h, 7d",
    )
    .option("--until <time>", "counts under a time before then")
    .option(
      "--finished-since <time>",
      "ended then or later, whenever it began; written as --since is",
    )
    .option("--finished-until <time>", "ended before then")
    .option("--planned", "also what is due later and has not started")
    .option(
      "--provider-status <word>",
      "only this word of the provider's for a status: CRASHED, say",
    )
    .option(
      "--where <name=value>",
      "only what has this value of an attribute, compared as text; repeatable",
      collect,
    )
    .option("--actor <id>", "only executions on behalf of this user or account")
    .option("--search <text>", "the provider's own search")

/** Adds the flags of a query. `limit` is that of a command where nothing is said; null: none. */
export const withQueryFlags = (command: Command, limit: number | null = defaultLimit): Command =>
  withFilterFlags(command)
    .option("--order <order>", "newest or oldest first; default: newest")
    .option(
      "--limit <number>",
      `end after so many, over all connections, or all; default: ${limit ?? "all"}`,
    )
    .option(...pageSizeFlag)
    .option("--include <list>", "steps, inputs, outputs, raw: what a list gives beside the summary")
    .option("--cursor <cursor>", "go on where an earlier call ended; for one connection")

/** The flags of `list`; `explain` takes the same. */
export interface ListFlags
  extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags, GoneFlag, DetailsFlag {
  readonly strict?: boolean
}
