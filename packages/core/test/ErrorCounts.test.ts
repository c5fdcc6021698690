import { expect, it } from "vitest"
import { commonestErrors, makeErrorTally, tallyError } from "../src/statistics/ErrorCounts.js"

it("keeps half of the error messages when there are more than it counts, also when all are equally frequent", () => {
  const errors = makeErrorTally()
  for (let index = 0; index < 10_001; index++) tallyError(errors, `message ${index}`)
  expect(errors.counts.size).toBe(5001)
  expect(errors.lacking).toBe(1)
  const kept = new Set(commonestErrors(errors, 10_000).map(({ message }) => message))
  expect(kept.has("message 10000")).toBe(true)
  expect(kept.has("message 5000")).toBe(true)
})

it("keeps the most frequent error messages", () => {
  const errors = makeErrorTally()
  for (let index = 0; index < 10_001; index++) {
    for (let times = index % 3; times >= 0; times--) tallyError(errors, `message ${index}`)
  }
  expect([...errors.counts.values()].filter((count) => count === 3)).toHaveLength(3333)
})
