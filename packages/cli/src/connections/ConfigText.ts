import type { ParseError } from "jsonc-parser"
import { UsageError } from "../session/UsageError.js"
import { deepestSetting, tooDeepAt } from "../text/DeepJson.js"

/** Parses the text of a configuration file. Invalid JSON is a UsageError that says where. */
export const parseConfigText = async (path: string, text: string): Promise<unknown> => {
  const deep = tooDeepAt(text)
  if (deep !== null) {
    throw new UsageError(
      `${path} is nested deeper than ${deepestSetting} levels: ${lineAndColumn(text, deep)}.`,
      "Correct the file: a bracket is superfluous, or is never closed.",
    )
  }
  try {
    return JSON.parse(text)
  } catch {
    throw await notJson(path, text)
  }
}

/** Locates the first error. JSON.parse does not always do so, and quotes text that may be a key. */
const notJson = async (path: string, text: string): Promise<UsageError> => {
  const { parse, printParseErrorCode } = await import("jsonc-parser")
  const errors: Array<ParseError> = []
  parse(text, errors, { disallowComments: true, allowTrailingComma: false })
  const [first] = errors
  const problem =
    first === undefined
      ? "it cannot be read"
      : printParseErrorCode(first.error)
          .replace(/([a-z])([A-Z])/g, "$1 $2")
          .toLowerCase()
  return new UsageError(
    `${path} is not JSON: ${lineAndColumn(text, first?.offset ?? 0)}: ${problem}.`,
    "Correct the file. JSON requires double quotes, and allows neither comments nor trailing commas.",
  )
}

const lineAndColumn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split("\n")
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
