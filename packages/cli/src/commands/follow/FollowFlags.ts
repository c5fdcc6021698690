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

/** Whether the flags follow through a store. */
export const followsInStore = ({ stored, store }: FollowFlags): boolean =>
  stored === true || store !== undefined

/** Adds the flags of `follow`. */
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
      "also report what was listed since this time: ISO 8601 (UTC without a zone), or an age: 1h",
    )
    .option("--planned", "also executions that are due later and have not started")
    .option("--provider-status <word>", "only changes to this status of the provider's own")
    .option(
      "--where <name=value>",
      "only changes of executions with this value of an attribute, compared as text; repeatable",
      collect,
    )
    .option("--actor <id>", "only executions on behalf of this user or account")
    .option("--search <text>", "the provider's own search")
    .option("--page-size <number>", "items in one request; default: what the provider allows")
    .option("--include <list>", "also return steps, inputs, outputs or raw")
    .optionsGroup("Following:")
    .option("--interval <span>", "time between two polls; default: 10s")
    .option("--limit <number>", "end after this many changes, over all connections")
    .option("--exec <command>", "run this shell command for each change, one after the other")
    .option("--exec-timeout <span>", "stop a command that takes longer; default: 1m")
    .option(
      "--exec-tries <number>",
      "how often to run it for a change until it succeeds; default: 5",
    )
    .optionsGroup("Store:")
    .option("--stored", "store what is read, and report after a restart what was missed")
    .option(
      "--store <path or url>",
      "the same with this store: a file, or postgres://user@host/database; default: ./execlog.db",
    )
    .option(
      "--follower <name>",
      "resume where the follower of this name stopped, whatever the other flags; with a store",
    )
    .option(
      "--undelivered",
      "list the changes that --exec gave up on, or retry them with --exec, and exit; with a store",
    )
