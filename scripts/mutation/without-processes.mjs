import { vi } from "vitest"

// A mutant is only in the sources. A new process would load the adapter as it was built, and a mutant
// would be found by the difference between the two, which no change of an author's makes.
vi.mock("@execlog/contract-tests", async (original) => {
  /** @type {typeof import("@execlog/contract-tests")} */
  const suites = await original()
  return {
    ...suites,
    /** @type {typeof suites.contractSuite} */
    contractSuite: ({ module: _module, ...options }) => suites.contractSuite(options),
  }
})
