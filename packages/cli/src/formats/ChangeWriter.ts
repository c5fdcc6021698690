import type { Change } from "@execlog/core"

/** Writes changes, each as it comes. */
export type ChangeWriter = (change: Change) => Promise<void>
