import type { AdapterError } from "../src/index.js"

/** The error that a promise rejects with. */
export const failure = (promise: Promise<unknown>): Promise<AdapterError> =>
  promise.then(
    () => Promise.reject(new Error("a failure was expected")),
    (error: AdapterError) => error,
  )
