import type { Expected, Fault } from "./Fault.js"
import { type Damage, damaging, type Scope, unlessDamaged } from "./ItemDamage.js"

/** A fault of items: which are damaged, how, and the expected outcome. */
export interface ItemFault {
  readonly name: string
  readonly scope: Scope
  readonly damage: Damage
  readonly expected: ReadonlyArray<Expected>
  /** The reason to give when the item has nothing to damage. */
  readonly otherwise?: string
}

/** The fault of a server that sends such damaged items. */
export const itemFault = ({ name, scope, damage, expected, otherwise }: ItemFault): Fault => ({
  name,
  doesNotApply: unlessDamaged(damage, otherwise ?? "its items have no such value"),
  reply: damaging(scope, damage),
  expected,
})

/** The damaged items are rejected, and the others returned. */
export const rejected: Expected = { kind: "rejected" }
/** The damaged items are returned like the others. */
export const given: Expected = { kind: "given" }
