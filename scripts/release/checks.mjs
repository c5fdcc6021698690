/**
 * Counted checks, each printed on a line when it is done. A failed check throws.
 * @typedef {{ passed: number, failed: number }} Count
 */

export const makeChecks = () => {
  /** @type {Count} */
  const count = { passed: 0, failed: 0 }
  /**
   * Gives what the check gives, or undefined where it failed.
   * @template Value
   * @param {string} promise
   * @param {() => Value | Promise<Value>} body
   */
  const check = async (promise, body) => {
    const began = performance.now()
    try {
      const value = await body()
      count.passed++
      say("✓", promise, began)
      return value
    } catch (error) {
      count.failed++
      say("✗", promise, began)
      console.log(indented(error instanceof Error ? error.message : String(error)))
      return undefined
    }
  }
  return { check, count }
}

/** A note that is neither a success nor a failure. */
export const note = (text) => console.log(`  ${text}`)

/** Throws what is wrong unless it holds. */
export const expectThat = (holds, wrong) => {
  if (!holds) throw new Error(wrong)
}

const say = (mark, promise, began) =>
  console.log(`${mark} ${promise} (${((performance.now() - began) / 1000).toFixed(1)} s)`)

const indented = (text) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")
