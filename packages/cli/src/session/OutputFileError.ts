import { dirname } from "node:path"

/** A file cannot be written. */
export class OutputFileError extends Error {
  override readonly name = "OutputFileError"
  /** What to do about it; null where the message says all. */
  readonly hint: string | null

  constructor(message: string, hint: string | null, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }

  /** What the system said when a file was made or written. */
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
      return [`There is no folder ${folder}.`, "Make it first, or name another file."]
    case "ENOTDIR":
      return [`${folder} is no folder.`, "Name a file in a folder."]
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return [`The folder ${folder} may not be written to.`, "Name a file in another folder."]
    case "ENOSPC":
    case "EDQUOT":
      return [`There is no room left for ${path}.`, "Make room, or name a file on another disk."]
    default:
      return [`${path} cannot be written: ${said}.`, null]
  }
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && "code" in cause ? cause.code : undefined
