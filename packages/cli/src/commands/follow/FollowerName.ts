import { createHash } from "node:crypto"
import type { LogQuery } from "@execlog/core"
import * as Struct from "effect/Struct"
import type { ChosenConnection } from "../../connections/Connections.js"
import type { FollowFlags } from "./FollowFlags.js"

/** Parts that set only the start or the output. A follower cannot search. */
const notInName = ["since", "search", "order", "include", "pageSize"] as const

/**
 * The name under which a follower's position is stored. The same command has the same name, whatever
 * the order of its connections and whichever of them can be opened; --follower sets the name. The
 * command of --exec may contain a password, and enters only as a hash.
 */
export const followerName = (
  chosen: ReadonlyArray<Pick<ChosenConnection, "label">>,
  query: LogQuery,
  { exec, follower }: Pick<FollowFlags, "exec" | "follower">,
): string => {
  if (follower !== undefined) return follower
  // A filter that a later version adds is part of the name.
  const { workflowId, status, actorId, ...others } = Struct.omit(query, notInName)
  const { tag, providerStatus, attributes, planned } = others
  const more = { tag, providerStatus, attributes, planned, ...others }
  return JSON.stringify([
    chosen.map(({ label }) => label).toSorted(),
    workflowId,
    status,
    actorId,
    exec === undefined ? null : createHash("sha256").update(exec).digest("hex"),
    // Omitted if unset, so that followers from before these filters keep their names.
    ...(Object.values(more).some((value) => value !== undefined) ? [more] : []),
  ])
}
