import { findLeak } from "../kit/SecretSearch.js"

/** An unmistakable key, with characters that URLs, JSON and base64 encode. */
export const canary = "canary-4f9d/27c1+b8=e6"

/** The key in the forms in which servers repeat it. */
export const echo = [
  canary,
  encodeURIComponent(canary),
  encodeURIComponent(canary).toLowerCase(),
  Buffer.from(canary).toString("base64"),
].join(" ")

/** The text before the key in a value, in any form; null if the value does not contain it. */
export const keyIn = (value: unknown): string | null => {
  const leak = findLeak({ value }, [canary])
  return leak === null ? null : `${leak.before}KEY`
}
