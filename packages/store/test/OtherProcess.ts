import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { StoreErrorReason, StoreHintCode } from "../src/index.js"

/** A task with a store for a process of another user, or on another disk. */
export interface Deed {
  readonly address: string
  readonly access: "read" | "write"
  /** How many executions the provider has that is synced; none is where nothing is said. */
  readonly sync?: number
  /** Run by a shell once the first sync has failed; then it is tried again. */
  readonly mend?: string
  /** Gives up the rights of root, if it has them. */
  readonly isUnprivileged?: boolean
}

/** Its outcome. */
export interface DeedReport {
  readonly errors: ReadonlyArray<{
    /** Null where it is not a StoreError. */
    readonly reason: StoreErrorReason | null
    readonly message: string
    readonly hint: StoreHintCode | null
  }>
  readonly kept: number | null
}

const script = fileURLToPath(new URL("StoreProcess.ts", import.meta.url))

/** Does it in a process of its own; `within` is a command that runs another. */
export const inOtherProcess = async (
  deed: Deed,
  within: ReadonlyArray<string> = [],
): Promise<DeedReport> => {
  const run = [process.execPath, script, JSON.stringify(deed)] as const
  const [command, ...rest] = within.length === 0 ? run : [...within, ...run]
  const child = spawn(command ?? "", rest, { stdio: ["ignore", "pipe", "pipe"] })
  const [said, problem] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, "exit") : null,
  ])
  if (said === "") throw new Error(`The process said nothing: ${problem}`)
  // It is what the script has written.
  return JSON.parse(said) as DeedReport
}

/** Whether a command can be run here. */
export const canRun = async (command: string, ...rest: ReadonlyArray<string>): Promise<boolean> => {
  const child = spawn(command, rest, { stdio: "ignore" })
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(null))
    child.once("exit", resolve)
  })
  return code === 0
}
