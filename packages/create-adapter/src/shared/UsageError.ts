/** What was asked for cannot be done as it stands. The message says what to do about it. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}
