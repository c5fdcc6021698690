import type { Command } from "commander"
import { collect, type ConnectionFlags } from "../../flags/ConnectionFlags.js"
import { type DetailsFlag, withDetailsFlag } from "../../flags/DetailsFlag.js"
import type { FormatFlag } from "../../flags/FormatFlag.js"
import type { QueryFlags } from "../../flags/QueryFlags.js"
import type { StoredFlags } from "../../flags/StoreFlags.js"

/** The flags of `follow`. */
export interface FollowFlags
  extends
    ConnectionFlags,
    Omit<QueryFlags, "until" | "finishedSince" | "finishedUntil" | "order" | "cursor">,
    FormatFlag,
    StoredFlags,
    DetailsFlag {
  readonly interval?: string
  readonly exec?: string
  readonly execTimeout?: string
  readonly execTries?: string
  readonly follower?: string
  readonly undelivered?: boolean
}

/** Whether what is followed goes through a store. */
export const followsInStore = ({ stored, store }: FollowFlags): boolean =>
  stored === true || store !== undefined

/** Adds the flags that say what is followed, and how. */
export const withFollowFlags = (command: Command): Command =>
  withDetailsFlag(command.optionsGroup("Query:"), "failed")
    .option("--workflow <id>", "only executions of this workflow")
    .option(
      "--status <list>",
      "only changes to these statuses, such as failed,timed_out; '!succeeded': to all others",
    )
    .option("--tag <tag>", "only executions with this tag")
    .option(
      "--since <time>",
      "tell of what was listed since then as well: ISO 8601 (UTC without a zone), or an age: 1h",
    )
    .option("--planned", "also what is due later and has not started")
    .option("--provider-status <word>", "only changes to this word of the provider's for a status")
    .option(
      "--where <name=value>",
      "only changes of what has this value of an attribute by then, compared as text; repeatable",
      collect,
    )
    .option("--actor <id>", "only executions on behalf of this user or account")
    .option("--search <text>", "the provider's own search")
    .option("--page-size <number>", "items in one request; default: what the provider allows")
    .option("--include <list>", "steps, inputs, outputs, raw: what is given beside the summary")
    .optionsGroup("Following:")
    .option("--interval <span>", "time between two polls; default: 10s")
    .option("--limit <number>", "end after so many changes, over all connections")
    .option("--exec <command>", "call this for each change, by the shell, one after the other")
    .option("--exec-timeout <span>", "end a command that takes longer; default: 1m")
    .option("--exec-tries <number>", "calls for one change until one succeeds; default: 5")
    .optionsGroup("Store:")
    .option("--stored", "keep what is read, and tell after a restart what was missed")
    .option(
      "--store <path or url>",
      "the same, in this store: a file, or postgres://user@host/database; default: ./execlog.db",
    )
    .option(
      "--follower <name>",
      "go on where the follower of this name was, whatever the other flags; with a store",
    )
    .option(
      "--undelivered",
      "tell of what --exec gave up on, and end; with --exec: try it again; with a store",
    )
