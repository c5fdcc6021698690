import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { holds } from "../kit/ContractViolation.js"
import { connectionFaults } from "./ConnectionFaults.js"
import type { Fault } from "./Fault.js"
import type { FaultyServer } from "./FaultyServer.js"

const run = promisify(execFile)

const names: ReadonlyArray<string> = [
  "refused connection, always",
  "a body that stalls in the middle, always",
]

/** Faults that are also tried on a process of its own, which nothing may keep alive. */
export const unattendedFaults: ReadonlyArray<Fault> = connectionFaults.faults.filter(({ name }) =>
  names.includes(name),
)

/** A guard against a process that hangs, and no measure of anything. */
const patienceMs = 30_000

/** Asks for a page in a process of its own, which is to fail and then to end by itself. */
export const expectToEnd = async (
  { target, settings, expect }: FaultyServer,
  fault: Fault,
  module: URL,
): Promise<void> => {
  await expect(target.firstBroken)
  const request = {
    adapter: module.href,
    settings,
    query: target.list?.query,
    transport: { timeoutMs: 50, retries: 1 },
  }
  const output = await run(process.execPath, [script(), JSON.stringify(request)], {
    timeout: patienceMs,
  }).catch((cause: unknown) => ({ stdout: String(cause) }))
  const reasons = fault.expected.flatMap((expected) =>
    expected.kind === "failed" ? [expected.reason] : [],
  )
  holds(
    reasons.some((reason) => reason === output.stdout),
    () => ({
      found: `A process of its own, after ${fault.name}: ${output.stdout}.`,
      expected: `${reasons.join(" or ")}, and that the process then ends by itself`,
      why: "A script that never ends blocks the schedule that it runs in.",
    }),
  )
}

/** The script as it is published; from source, the one that was built beside it. */
const script = (): string => {
  const beside = fileURLToPath(new URL("./unattended.js", import.meta.url))
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL("../../dist/faults/unattended.js", import.meta.url))
}
