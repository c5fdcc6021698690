import type { Simulator } from "@execlog/simulator"

/** Lets a number of requests pass, and resolves when the next arrives, which never gets a response. */
export const stallAfter = (simulator: Simulator, requests: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0
    simulator.intercept(() => {
      seen += 1
      if (seen <= requests) return undefined
      resolve()
      return new Promise(() => {})
    })
  })
