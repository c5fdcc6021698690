/** A request that cannot be fulfilled as given. The message says how to correct it. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}
