import { IsoTimeError, readIsoTime } from "../shared/IsoTime.js"
import { quotedWords } from "../shared/QuotedWords.js"
import { PrefectRejection } from "./Rejection.js"
import { uuidIn } from "./Uuid.js"

/** The path to a value in a body. */
export type Place = ReadonlyArray<string | number>

/**
 * The problems of a body. Each method reads a value of the body, or adds a problem and returns a substitute.
 */
export interface PrefectProblems {
  /** The decoded body; null where it is empty. */
  readonly body: unknown
  /** Adds a problem, with the type and the message of Pydantic. */
  readonly add: (
    type: string,
    place: Place,
    message: string,
    input: unknown,
    context?: unknown,
  ) => void
  /** Throws a `PrefectRejection` if there are problems. */
  readonly expectNone: () => void
  readonly integer: (value: unknown, place: Place) => number
  /** A whole number from 0 that a database can hold. */
  readonly natural: (value: unknown, place: Place) => number
  readonly word: <Word extends string>(
    value: unknown,
    words: ReadonlyArray<Word>,
    place: Place,
  ) => Word | null
  readonly text: (value: unknown, place: Place) => string | null
  readonly flag: (value: unknown, place: Place) => boolean | null
  /** The items that `read` does not reject. */
  readonly list: <A>(
    value: unknown,
    place: Place,
    read: (item: unknown, place: Place) => A | null,
  ) => ReadonlyArray<A>
  /** A UUID in lower case and with dashes. */
  readonly uuid: (value: unknown, place: Place) => string | null
  /** Whole microseconds since 1970. */
  readonly time: (value: unknown, place: Place) => number | null
}

/** Decodes a body, or throws a `PrefectRejection` where it is not JSON. */
export const readBody = (text: string): PrefectProblems =>
  makeProblems(text === "" ? null : decode(text))

const decode = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // Python's parser and this one report the same place in different words.
    const message = cause instanceof Error ? cause.message : ""
    const place = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    const error = message.includes("','") ? "Expecting ',' delimiter" : "Expecting value"
    const problem = wireProblem("json_invalid", ["body", place], "JSON decode error", {}, { error })
    throw reject(text, [problem])
  }
}

const wireProblem = (
  ...[type, loc, msg, input, ctx]: Parameters<PrefectProblems["add"]>
): Readonly<Record<string, unknown>> => ({
  type,
  loc,
  msg,
  input,
  ...(ctx === undefined ? {} : { ctx }),
})

/** Repeats the body, and within each problem the value that is wrong. */
const reject = (body: unknown, problems: ReadonlyArray<unknown>): PrefectRejection =>
  new PrefectRejection(422, {
    exception_message: "Invalid request received.",
    exception_detail: problems,
    request_body: body,
  })

const makeProblems = (body: unknown): PrefectProblems => {
  const problems: Array<unknown> = []
  const add: PrefectProblems["add"] = (...problem) => {
    problems.push(wireProblem(...problem))
  }
  const integer = (value: unknown, place: Place) => {
    if (typeof value === "number" && Number.isInteger(value)) return value
    if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value)
    const message = "Input should be a valid integer"
    if (typeof value === "string")
      add("int_parsing", place, `${message}, unable to parse string as an integer`, value)
    else if (typeof value === "number")
      add("int_from_float", place, `${message}, got a number with a fractional part`, value)
    else add("int_type", place, message, value)
    return 0
  }
  return {
    body,
    add,
    expectNone: () => {
      if (problems.length > 0) throw reject(body, problems)
    },
    integer,
    natural: (value, place) => {
      const number = integer(value, place)
      if (number >= 2 ** 63) throw new PrefectRejection(500, "Internal Server Error")
      if (number >= 0) return number
      const message = "Input should be greater than or equal to 0"
      add("greater_than_equal", place, message, value, { ge: 0 })
      return 0
    },
    word: (value, words, place) => {
      const word = words.find((known) => known === value)
      if (word !== undefined) return word
      const expected = quotedWords(words)
      add("enum", place, `Input should be ${expected}`, value, { expected })
      return null
    },
    text: (value, place) => {
      if (typeof value === "string") return value
      add("string_type", place, "Input should be a valid string", value)
      return null
    },
    flag: (value, place) => {
      if (typeof value === "boolean") return value
      add("bool_type", place, "Input should be a valid boolean", value)
      return null
    },
    list: (value, place, read) => {
      if (Array.isArray(value)) {
        return value.flatMap((item: unknown, index) => read(item, [...place, index]) ?? [])
      }
      add("list_type", place, "Input should be a valid list", value)
      return []
    },
    uuid: (value, place) => {
      const uuid = uuidIn(value)
      if (uuid !== null) return uuid
      const error = uuidError(typeof value === "string" ? value : "")
      add("uuid_parsing", place, `Input should be a valid UUID, ${error}`, value, { error })
      return null
    },
    time: (value, place) => {
      if (typeof value === "number") return Math.round(value * 1_000_000)
      try {
        return readIsoTime(typeof value === "string" ? value : "")
      } catch (cause) {
        if (!(cause instanceof IsoTimeError)) throw cause
        const message = `Value error, Unable to parse string [${String(value)}]`
        add("value_error", place, message, value, { error: {} })
        return null
      }
    },
  }
}

/** Why Pydantic does not read a text as a UUID. */
const uuidError = (text: string): string => {
  const stranger = text.search(/[^0-9a-f-]/i)
  const digits = text.replaceAll("-", "").length
  return stranger === -1
    ? `invalid length: expected length 32 for simple format, found ${digits}`
    : `invalid character: found \`${text.charAt(stranger)}\` at ${stranger}`
}
