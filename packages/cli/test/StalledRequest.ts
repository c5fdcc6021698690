import type { Simulator } from "@execlog/simulator"

/** Lets so many requests pass, and resolves when the next has come, which is never answered. */
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
