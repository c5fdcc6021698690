import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Task } from "./syncer.js"

/** Where a process was when it was killed, by the last that it wrote. */
export type Landing =
  | "starting"
  | "opening the store"
  | "in a transaction"
  | "in a sync, between transactions"
  | "between two syncs"
  | "after its end"

/** A sync that came to its end, by the clock. */
export interface WholeSync {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** The outcome of a process. */
export interface Ended {
  readonly landing: Landing
  readonly syncs: ReadonlyArray<WholeSync>
  readonly lines: ReadonlyArray<string>
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
}

/** When to kill it: so long after its beginning, or after the beginning of its first sync. */
export interface KillInstant {
  readonly after: "spawn" | "sync"
  readonly ms: number
}

/** Runs a process that syncs, and sends it a signal at an instant; without one it comes to its end. */
export const runSyncer = async (
  task: Task,
  instant: KillInstant | null,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<Ended> => {
  const file = fileURLToPath(new URL("./syncer.ts", import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const closed = new Promise<Pick<Ended, "signal" | "code">>((resolve) => {
    child.once("close", (code, by) => resolve({ code, signal: by }))
  })
  let timer: NodeJS.Timeout | undefined
  const killLater = (after: KillInstant["after"]): void => {
    if (instant?.after !== after || timer !== undefined) return
    timer = setTimeout(() => child.kill(signal), instant.ms)
  }
  killLater("spawn")
  const lines: Array<string> = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith("sync ")) killLater("sync")
  }
  const end = await closed
  clearTimeout(timer)
  return { ...end, lines, landing: landingOf(lines, end.code), syncs: wholeSyncs(lines, task.name) }
}

const landingOf = (lines: ReadonlyArray<string>, code: number | null): Landing => {
  if (code !== null) return "after its end"
  if (!lines.includes("ready")) return "starting"
  if (!lines.some((line) => line.startsWith("sync "))) return "opening the store"
  const last = lines.findLast((line) => line === "begun" || line === "ended")
  if (last === "begun") return "in a transaction"
  const step = lines.findLast((line) => /^sync(ed)? /.test(line))
  return step?.startsWith("synced ") === true
    ? "between two syncs"
    : "in a sync, between transactions"
}

const wholeSyncs = (lines: ReadonlyArray<string>, name: string): Array<WholeSync> => {
  const syncs: Array<WholeSync> = []
  let from = 0
  for (const line of lines) {
    const [step, at, whole] = line.split(" ")
    if (step === "sync") from = Number(at)
    if (step === "synced" && whole === "true") syncs.push({ name, from, to: Number(at) })
  }
  return syncs
}
