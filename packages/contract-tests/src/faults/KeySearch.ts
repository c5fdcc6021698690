import { findLeak } from "../kit/SecretSearch.js"

/** A key as no sane text holds it, with characters that URLs, JSON and base64 write otherwise. */
export const canary = "canary-4f9d/27c1+b8=e6"

/** The key in the forms that servers repeat it in. */
export const echo = [
  canary,
  encodeURIComponent(canary),
  encodeURIComponent(canary).toLowerCase(),
  Buffer.from(canary).toString("base64"),
].join(" ")

/** What stands before the key in a value, in whichever form; null where it holds none. */
export const keyIn = (value: unknown): string | null => {
  const leak = findLeak({ value }, [canary])
  return leak === null ? null : `${leak.before}KEY`
}
