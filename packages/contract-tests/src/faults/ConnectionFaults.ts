import {
  always,
  type Expected,
  type Failure,
  type Fault,
  type FaultGroup,
  passOn,
  times,
  transport,
} from "./Fault.js"
import type { Progress } from "./FaultProxy.js"

const reset =
  (after: Progress): Fault["reply"] =>
  async ({ provided }) => ({ kind: "reset", after, answer: await provided() })

const stall =
  (after: Progress): Fault["reply"] =>
  async ({ provided }) => ({ kind: "stall", after, answer: await provided() })

const afterRetries: Expected = { kind: "recovered", waitedMs: 1 }

const noAnswer: Failure = {
  kind: "failed",
  reason: "Transport",
  hint: "check_connection",
}

const timeout: Failure = { kind: "failed", reason: "Timeout", hint: "raise_timeouts" }

const broken = (name: string, reply: Fault["reply"], failure: Failure): ReadonlyArray<Fault> => [
  { name: `${name}, twice`, reply: times(2, reply), expected: [afterRetries] },
  { name: `${name}, always`, reply: always(reply), expected: [{ ...failure, requests: 5 }] },
]

export const connectionFaults: FaultGroup = {
  title: "The connection breaks",
  faults: [
    {
      name: "refused connection, twice",
      isListening: (turn) => turn < 0 || turn > 1,
      reply: passOn,
      expected: [afterRetries],
    },
    {
      name: "refused connection, always",
      isListening: (turn) => turn < 0,
      reply: passOn,
      expected: [noAnswer],
    },
    ...broken("reset before the headers", reset("nothing"), noAnswer),
    ...broken("reset before the body", reset("headers"), noAnswer),
    ...broken("reset in the middle of the body", reset("half"), noAnswer),
    ...broken("headers that never come", stall("nothing"), timeout),
    ...broken("a body that never begins", stall("headers"), timeout),
    ...broken("a body that stalls in the middle", stall("half"), timeout),
    {
      name: "a body that stalls until the deadline",
      reply: always(stall("half")),
      transport: { timeoutMs: 10 * transport.deadlineMs },
      expected: [{ ...timeout, afterMs: transport.deadlineMs, requests: 1 }],
    },
    {
      name: "headers that never come, and the deadline before the last retry",
      reply: always(stall("nothing")),
      transport: { timeoutMs: transport.deadlineMs / 2, retries: 100 },
      expected: [{ ...timeout, afterMs: transport.deadlineMs }],
    },
  ],
}
