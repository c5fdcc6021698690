import { type Execution, executionStatuses } from "@execlog/core"
import fc from "fast-check"

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\0", "ä\r\nö", '"', "=1+1", "👩‍👩‍👧", "null", "a".repeat(70_000)),
)
const textOrNull = fc.option(text)
const instant = fc.option(
  fc.oneof(
    fc.date({ noInvalidDate: true }),
    fc.constantFrom(new Date(0), new Date(-8.64e15), new Date(8.64e15), new Date(-1)),
  ),
)
const count = fc.option(fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.constantFrom(0, -1, 2 ** 62)))
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)))

/** Any execution that an adapter may return, and stranger ones. */
export const generatedExecution: fc.Arbitrary<Execution> = fc
  .tuple(
    fc.record({
      provider: text,
      connection: textOrNull,
      id: text,
      workflow: fc.record({ id: textOrNull, name: textOrNull, version: textOrNull }),
      status: fc.constantFrom(...executionStatuses),
      providerStatus: textOrNull,
      timestamp: instant,
      scheduledFor: instant,
      startedAt: instant,
      finishedAt: instant,
      listedAt: instant,
      durationMs: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      error: fc.option(fc.record({ message: text, type: textOrNull, stepId: textOrNull })),
      trigger: fc.record({
        kind: fc.constantFrom("api" as const, "schedule" as const, "unknown" as const),
        providerKind: textOrNull,
      }),
      actor: fc.option(
        fc.record({
          kind: fc.constantFrom("end_user" as const, "system" as const),
          id: text,
          name: textOrNull,
          email: textOrNull,
        }),
      ),
      attempt: count,
      retryOf: textOrNull,
      parentId: textOrNull,
      tags: fc.array(text),
      usage: fc.record({ totalTokens: count, totalSteps: count }),
      url: textOrNull,
      attributes: fc.dictionary(fc.string(), json),
    }),
    fc.record({ inputs: json, outputs: json, raw: json }, { requiredKeys: [] }),
  )
  .map(([fields, parts]) => ({ ...fields, ...parts }))
