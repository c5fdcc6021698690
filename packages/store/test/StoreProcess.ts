import { execFileSync } from "node:child_process"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { startSimulator } from "@execlog/simulator"
import { openStore, StoreError } from "@execlog/store"
import type { Deed, DeedReport } from "./OtherProcess.js"

// Does to a store what its argument says, and says what became of it. It uses what was built.

// It is what inOtherProcess gives.
const deed = JSON.parse(process.argv[2] ?? "") as Deed
const { address, access, sync, mend, isUnprivileged = false } = deed
if (isUnprivileged && process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}

const attempt = async (): Promise<number> => {
  const store = await openStore(address, { access, busyTimeoutMs: 100 })
  try {
    if (sync !== undefined) {
      const simulator = await startSimulator({ port: null, dify: { executions: sync } })
      const { apiKey, baseUrl } = simulator.dify
      const client = createClient(dify({ apiKey, baseUrl }), { fetch: simulator.fetch })
      await store.sync(client, { onWarning: () => {} })
    }
    let kept = 0
    for await (const _ of store.executions()) kept += 1
    return kept
  } finally {
    await store.close()
  }
}

const errors: Array<DeedReport["errors"][number]> = []
const problemOf = (error: unknown): DeedReport["errors"][number] =>
  StoreError.is(error)
    ? { reason: error.reason, message: error.message, hint: error.hint.code }
    : { reason: null, message: String(error), hint: null }
let kept: number | null = null
for (const isSecond of [false, true]) {
  if (isSecond && (mend === undefined || kept !== null)) break
  if (isSecond) execFileSync("sh", ["-c", mend ?? ""])
  try {
    kept = await attempt()
  } catch (error) {
    errors.push(problemOf(error))
  }
}
process.stdout.write(JSON.stringify({ errors, kept } satisfies DeedReport))
