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

/** Faults also tested in a new process, which nothing may keep alive. */
export const unattendedFaults: ReadonlyArray<Fault> = connectionFaults.faults.filter(({ name }) =>
  names.includes(name),
)

/** A guard against a hanging process. */
const patienceMs = 30_000

/** Requests a page in a new process, which must fail and then end by itself. */
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
      found: `In a new process, ${fault.name} gave: ${output.stdout}.`,
      expected: `${reasons.join(" or ")}, and that the process then ends by itself`,
      why: "A script that never ends blocks its schedule.",
    }),
  )
}

/** The published script; when run from source, the one in dist. */
const script = (): string => {
  const beside = fileURLToPath(new URL("./unattended.js", import.meta.url))
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL("../../dist/faults/unattended.js", import.meta.url))
}
