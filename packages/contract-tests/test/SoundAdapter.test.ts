import { describe, expect, it } from "vitest"
import { adapterChecks, fixtureChecks } from "../src/index.js"
import { sample } from "./SampleAdapter.js"
import { type Checks, run, subjectOf } from "./SampleSubject.js"

const names = [...Object.keys(adapterChecks), ...Object.keys(fixtureChecks)]

describe("a sound adapter", () => {
  it.each(names)("passes a sound adapter in the check %s", async (name) => {
    await expect(run(name as keyof Checks, await subjectOf(sample))).resolves.toBeUndefined()
  })
})
