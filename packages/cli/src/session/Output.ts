import { isatty } from "node:tty"

/** Where the data goes. */
export interface Output {
  readonly isTerminal: boolean
  /** How many columns a line may have; null where nobody looks at it. */
  readonly columns: number | null
  readonly hasColors: boolean
  /** Rejects with an {@link OutputError} when it cannot be written. */
  readonly write: (data: string | Uint8Array) => Promise<void>
}

/** The data cannot be written. `isClosed`: nobody reads it any more, as with `| head`. */
export class OutputError extends Error {
  override readonly name = "OutputError"
  readonly isClosed: boolean

  constructor(cause: NodeJS.ErrnoException) {
    super(`The output cannot be written: ${cause.message}.`, { cause })
    this.isClosed = cause.code === "EPIPE"
  }
}

/** The data on a stream. `beforeWrite` makes room on a terminal that both streams share. */
export const makeOutput = (
  stream: NodeJS.WriteStream & { readonly fd: number },
  environment: NodeJS.ProcessEnv,
  beforeWrite: () => void,
): Output => {
  // The callback of write says what went wrong; without a listener Node would print it as well.
  stream.on("error", () => {})
  const isTerminal = isatty(stream.fd)
  return {
    isTerminal,
    columns: isTerminal ? stream.columns || 80 : null,
    hasColors: isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb",
    write: (data) =>
      new Promise((resolve, reject) => {
        if (isTerminal) beforeWrite()
        stream.write(data, (error) => {
          if (error) reject(new OutputError(error))
          else resolve()
        })
      }),
  }
}
