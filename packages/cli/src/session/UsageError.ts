/** The user's flags or configuration are not valid. */
export class UsageError extends Error {
  override readonly name = "UsageError"
  /** A hint for the user. */
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}
