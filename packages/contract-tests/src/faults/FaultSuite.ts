import { afterAll, describe, expect, it } from "vitest"
import { ContractViolation } from "../kit/ContractViolation.js"
import type { ServedAdapter } from "../kit/ProviderServer.js"
import { bodyFaults } from "./BodyFaults.js"
import { connectionFaults } from "./ConnectionFaults.js"
import type { Fault, FaultGroup } from "./Fault.js"
import { startFaultyServer } from "./FaultyServer.js"
import { itemFaults } from "./ItemFaults.js"
import { pageFaults } from "./PageFaults.js"
import { redirectFaults } from "./RedirectFaults.js"
import { statusFaults } from "./StatusFaults.js"
import { history, type PreparedTarget, prepareTargets } from "./Targets.js"
import { observe } from "./Trial.js"
import { expectToEnd, unattendedFaults } from "./UnattendedProcess.js"
import { judge } from "./Verdict.js"

const groups: ReadonlyArray<FaultGroup> = [
  statusFaults,
  connectionFaults,
  bodyFaults,
  redirectFaults,
  pageFaults,
  itemFaults,
]

const timeoutMs = 60_000

/** The options of the fault suite. */
export interface FaultSuiteOptions {
  /** The built module with the adapter as its default export, for tests in a new process. */
  readonly module: URL
}

/**
 * Registers the fault suite for an adapter: a test for each fault and endpoint, over real sockets on
 * loopback, with a test clock. The outcomes are compared with `__snapshots__/faults.json` beside the test
 * file.
 *
 * @example
 * await faultSuite(served, { module: new URL("../dist/index.js", import.meta.url) })
 */
export const faultSuite = async (
  served: ServedAdapter,
  { module }: FaultSuiteOptions,
): Promise<void> => {
  const { adapter } = served
  const server = await served.start(history, { listen: false })
  const targets = await prepareTargets(served, server)

  const tryOut = async (fault: Fault, prepared: PreparedTarget): Promise<string> => {
    await using faulty = await startFaultyServer(adapter, server, prepared.at, fault)
    const reason = fault.doesNotApply?.(faulty.target) ?? null
    if (reason !== null) return `does not apply: ${reason}`
    const verdict = judge(faulty.target, fault, await observe(faulty, fault.transport))
    if (verdict.isSound) return verdict.outcome
    throw new ContractViolation({
      found: `${prepared.route}, ${fault.name}:\n  ${verdict.complaints.join("\n  ")}`,
      expected: fault.expected.map(({ kind }) => kind).join(" or "),
      why: "Servers fail half-way and send wrong responses; nothing may be lost or hang.",
    })
  }
  const outcomes = new Map<string, Promise<string>>()
  // Each once: the last test reports the outcomes of the others.
  const outcomeOf = (fault: Fault, target: PreparedTarget): Promise<string> => {
    const key = `${fault.name} | ${target.route}`
    const outcome = outcomes.get(key) ?? tryOut(fault, target)
    outcomes.set(key, outcome)
    return outcome
  }

  describe(`${adapter.title}, with faults`, () => {
    afterAll(() => server[Symbol.asyncDispose]())
    for (const { title, faults } of groups) {
      describe(title, () => {
        for (const fault of faults) {
          for (const target of targets) {
            it(
              `handles ${fault.name}, on ${target.route}`,
              async () => {
                expect(await outcomeOf(fault, target)).not.toBe("")
              },
              timeoutMs,
            )
          }
        }
      })
    }
    for (const fault of unattendedFaults) {
      it(
        `reports ${fault.name} in a process of its own, which ends`,
        async () => {
          const [target] = targets
          if (target === undefined) throw new Error(`${adapter.title} serves no endpoint.`)
          await using faulty = await startFaultyServer(adapter, server, target.at, fault)
          await expectToEnd(faulty, fault, module)
          expect(faulty.strayed()).toBe(0)
        },
        timeoutMs,
      )
    }
    it(
      "matches the outcomes in docs/faults.md",
      async () => {
        const routes = targets.map(({ route }) => route)
        const recorded: Array<{ fault: string; group: string; outcomes: ReadonlyArray<string> }> =
          []
        for (const { title, faults } of groups) {
          for (const fault of faults) {
            const found: Array<string> = []
            for (const target of targets) found.push(await outcomeOf(fault, target))
            recorded.push({ group: title, fault: fault.name, outcomes: found })
          }
        }
        const text = `${JSON.stringify({ title: adapter.title, routes, faults: recorded }, null, 2)}\n`
        await expect(text).toMatchFileSnapshot("./__snapshots__/faults.json")
      },
      timeoutMs,
    )
  })
}
