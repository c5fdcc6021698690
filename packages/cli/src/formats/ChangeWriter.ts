import type { Change } from "@execlog/core"

/** Writes changes in one format, each as it comes. */
export type ChangeWriter = (change: Change) => Promise<void>
