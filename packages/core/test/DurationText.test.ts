import { expect, it } from "vitest"
import { durationText } from "../src/model/DurationText.js"

it.each([
  [0, "0 ms"],
  [200, "200 ms"],
  [1000, "1 second"],
  [1500, "1.5 seconds"],
  [90_000, "1 minute 30 seconds"],
  [68_400_000, "19 hours"],
  [86_400_000, "1 day"],
  [604_800_000, "7 days"],
  [90_061_000, "1 day 1 hour 1 minute 1 second"],
])("writes %i ms as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text)
})
