import { always, answering, type Failure, type Fault, type FaultGroup, times } from "./Fault.js"

/** An error response that repeats the key wherever possible. */
const rejecting = (
  status: number,
  headersAt: (now: number) => { readonly [name: string]: string } = () => ({}),
): Fault["reply"] =>
  answering(({ echo, now }) => ({
    status,
    headers: { "content-type": "application/json", "x-echo": echo, ...headersAt(now) },
    body: JSON.stringify({ code: "fault", message: `Not for the key ${echo}.` }),
  }))

const slowDown = (seconds: number) => rejecting(429, () => ({ "retry-after": String(seconds) }))

const slowDownUntil = (seconds: number) =>
  rejecting(429, (now) => ({ "retry-after": new Date(now + seconds * 1000).toUTCString() }))

const rateLimited: Failure = {
  kind: "failed",
  reason: "RateLimited",
  status: 429,
  hint: "slow_down",
}

const tooManyRequests: ReadonlyArray<Fault> = [
  {
    name: "429 with Retry-After in seconds, once",
    reply: times(1, slowDown(3)),
    expected: [{ kind: "recovered", waitedMs: 3000 }],
  },
  {
    name: "429 with Retry-After as a date, once",
    reply: times(1, slowDownUntil(3)),
    expected: [{ kind: "recovered", waitedMs: 3000 }],
  },
  {
    name: "429 without Retry-After, twice",
    reply: times(2, rejecting(429)),
    expected: [{ kind: "recovered", waitedMs: 2000 }],
  },
  {
    name: "429 without Retry-After, always",
    reply: always(rejecting(429)),
    expected: [{ ...rateLimited, requests: 5 }],
  },
  {
    name: "429 whose Retry-After outlasts the deadline",
    reply: always(slowDown(3600)),
    expected: [{ ...rateLimited, retryAfterMs: 3_600_000, afterMs: 0, requests: 1 }],
  },
  {
    name: "429 whose Retry-After, a date, outlasts the deadline",
    reply: always(slowDownUntil(3600)),
    expected: [{ ...rateLimited, retryAfterMs: 3_600_000, afterMs: 0, requests: 1 }],
  },
  {
    name: "429 whose Retry-After outlasts what is left of the deadline",
    reply: always(slowDown(10)),
    expected: [{ ...rateLimited, retryAfterMs: 10_000, requests: 2 }],
  },
]

const unavailable = (status: number): ReadonlyArray<Fault> => [
  {
    name: `a burst of ${status}`,
    reply: times(3, rejecting(status)),
    expected: [{ kind: "recovered", waitedMs: 1 }],
  },
  {
    name: `${status}, always`,
    reply: always(rejecting(status)),
    expected: [
      {
        kind: "failed",
        reason: "Unavailable",
        status,
        hint: "retry_later",
        requests: 5,
      },
    ],
  },
]

export const statusFaults: FaultGroup = {
  title: "The server returns an error",
  faults: [
    ...tooManyRequests,
    {
      name: "503 with Retry-After, once",
      reply: times(
        1,
        rejecting(503, () => ({ "retry-after": "3" })),
      ),
      expected: [{ kind: "recovered", waitedMs: 3000 }],
    },
    ...[500, 502, 503, 504].flatMap(unavailable),
    {
      name: "503 with Retry-After of 30 years",
      reply: always(rejecting(503, () => ({ "retry-after": "946080000" }))),
      expected: [
        {
          kind: "failed",
          reason: "Unavailable",
          status: 503,
          retryAfterMs: 946_080_000_000,
          hint: "retry_later",
          requests: 1,
        },
      ],
    },
    {
      name: "500 with a message of 300,000 spaces, always",
      reply: always(
        answering(() => ({
          status: 500,
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ code: "fault", message: `No${" ".repeat(300_000)}.x` }),
        })),
      ),
      expected: [
        {
          kind: "failed",
          reason: "Unavailable",
          status: 500,
          hint: "retry_later",
          requests: 5,
        },
      ],
    },
  ],
}
