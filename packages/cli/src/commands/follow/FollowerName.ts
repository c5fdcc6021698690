import { createHash } from "node:crypto"
import type { LogQuery } from "@execlog/core"
import type { ChosenConnection } from "../../connections/Connections.js"
import type { FollowFlags } from "./FollowFlags.js"

/**
 * The same command goes on where it was, in whatever order its connections stand in the configuration
 * and whichever of them can be opened; another one has a place of its own, unless both are given one
 * name. What it calls may hold a password, and is not kept.
 */
export const followerName = (
  chosen: ReadonlyArray<Pick<ChosenConnection, "label">>,
  { workflowId, status, actorId, tag, providerStatus, attributes, planned }: LogQuery,
  { exec, follower }: Pick<FollowFlags, "exec" | "follower">,
): string => {
  if (follower !== undefined) return follower
  const more = { tag, providerStatus, attributes, planned }
  return JSON.stringify([
    chosen.map(({ label }) => label).toSorted(),
    workflowId,
    status,
    actorId,
    exec === undefined ? null : createHash("sha256").update(exec).digest("hex"),
    // A follower that was named before there were these keeps its place.
    ...(Object.values(more).some((value) => value !== undefined) ? [more] : []),
  ])
}
