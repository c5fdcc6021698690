import { dirname } from "node:path"
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

/** A file cannot be written. */
export class OutputFileError extends Error {
  override readonly name = "OutputFileError"
  /** A hint; null if the message is enough. */
  readonly hint: string | null

  constructor(message: string, hint: string | null, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }

  /** The system's error on creating or writing a file. */
  static of(path: string, cause: unknown): OutputFileError {
    const [message, hint] = inWords(path, cause)
    return new OutputFileError(message, hint, { cause })
  }
}

const inWords = (path: string, cause: unknown): readonly [message: string, hint: string | null] => {
  const folder = dirname(path)
  const said = cause instanceof Error ? cause.message : String(cause)
  switch (codeOf(cause)) {
    case "ENOENT":
      return [`There is no folder ${folder}.`, "Create it first, or name another file."]
    case "ENOTDIR":
      return [`${folder} is not a folder.`, "Name a file in a folder."]
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return [`The folder ${folder} is not writable.`, "Name a file in another folder."]
    case "ENOSPC":
    case "EDQUOT":
      return [
        `There is no space left for ${path}.`,
        "Free some space, or name a file on another disk.",
      ]
    default:
      return [`${path} cannot be written: ${said}.`, null]
  }
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && "code" in cause ? cause.code : undefined
