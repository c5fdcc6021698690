import * as Schema from "effect/Schema"
import { type ByName, type ByPlace, Paging, startPaging } from "./Paging.js"
import type { Plan } from "./Plan.js"
import { nothingRead, Position } from "./Position.js"
import { ServerQuirks, noQuirks } from "./ServerQuirks.js"
import { noStall, Stall } from "./Stall.js"

/** Where a walk stands between two pages. A cursor is its written form. */
export const WalkState = Schema.Struct({
  position: Position,
  paging: Paging,
  stall: Stall,
  learned: ServerQuirks,
})

export type WalkState = typeof WalkState.Type

/** A state whose pages are requested by place. */
export type StateByPlace = WalkState & { readonly paging: ByPlace }

/** A state whose pages are requested by name. */
export type StateByName = WalkState & { readonly paging: ByName }

/** Whether pages are requested by place, so that they can overlap. */
export const isByPlace = (state: WalkState): state is StateByPlace => state.paging.by === "place"

/** The state before the first page of a plan. */
export const startWalk = (plan: Plan): WalkState => ({
  position: nothingRead,
  paging: startPaging(plan),
  stall: noStall,
  learned: noQuirks,
})
