import type { Command, CommanderError } from "commander"

/** Commander ended a call of a command: after its help, or because the call is not valid. */
export class CallError extends Error {
  override readonly name = "CallError"
  override readonly cause: CommanderError
  readonly command: Command

  constructor(cause: CommanderError, command: Command) {
    super(cause.message)
    this.cause = cause
    this.command = command
  }
}
