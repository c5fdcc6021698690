import type { Expected, Fault } from "./Fault.js"
import { type Damage, damaging, type Scope, unlessDamaged } from "./ItemDamage.js"

/** A fault of items: which are damaged, how, and what is to become of them. */
export interface ItemFault {
  readonly name: string
  readonly scope: Scope
  readonly damage: Damage
  readonly expected: ReadonlyArray<Expected>
  /** Why it does not apply where the item has nothing to damage. */
  readonly otherwise?: string
}

/** The fault of a server that sends items so damaged. */
export const itemFault = ({ name, scope, damage, expected, otherwise }: ItemFault): Fault => ({
  name,
  doesNotApply: unlessDamaged(damage, otherwise ?? "its items hold nothing of the kind"),
  reply: damaging(scope, damage),
  expected,
})

/** The damaged items are rejected, and the others given. */
export const rejected: Expected = { kind: "rejected" }
/** The damaged items are given like the others. */
export const given: Expected = { kind: "given" }
