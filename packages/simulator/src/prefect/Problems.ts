import { IsoTimeError, readIsoTime } from "../shared/IsoTime.js"

/** A request that is refused, with the body of the answer. A text becomes an `exception_message`. */
export class PrefectRefusal extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(typeof body === "string" ? body : JSON.stringify(body))
    this.status = status
    this.body = typeof body === "string" ? { exception_message: body } : body
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

type Place = readonly (string | number)[]

const listed = (words: readonly string[]): string => {
  const quoted = words.map((word) => `'${word}'`)
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`
}

/** What is wrong with a body. Prefect repeats the body in its answer, and what is wrong in it again. */
export class PrefectProblems {
  /** null where it is empty. */
  readonly body: unknown
  readonly #problems: unknown[] = []

  constructor(text: string) {
    try {
      this.body = text === "" ? null : JSON.parse(text)
    } catch (cause) {
      // Python's parser and this one name the same place in other words.
      const message = cause instanceof Error ? cause.message : ""
      const place = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
      const error = message.includes("','") ? "Expecting ',' delimiter" : "Expecting value"
      this.add("json_invalid", ["body", place], "JSON decode error", {}, { error })
      this.body = text
      this.expectNone()
    }
  }

  add(type: string, loc: Place, msg: string, input: unknown, ctx?: unknown): void {
    this.#problems.push({ type, loc, msg, input, ...(ctx === undefined ? {} : { ctx }) })
  }

  expectNone(): void {
    if (this.#problems.length === 0) return
    throw new PrefectRefusal(422, {
      exception_message: "Invalid request received.",
      exception_detail: this.#problems,
      request_body: this.body,
    })
  }

  /** 0 where it is none. */
  integer(value: unknown, loc: Place): number {
    if (typeof value === "number" && Number.isInteger(value)) return value
    if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value)
    const message = "Input should be a valid integer"
    if (typeof value === "string")
      this.add("int_parsing", loc, `${message}, unable to parse string as an integer`, value)
    else if (typeof value === "number")
      this.add("int_from_float", loc, `${message}, got a number with a fractional part`, value)
    else this.add("int_type", loc, message, value)
    return 0
  }

  /** A whole number from 0 that a database can hold. */
  natural(value: unknown, loc: Place): number {
    const number = this.integer(value, loc)
    if (number >= 2 ** 63) throw new PrefectRefusal(500, "Internal Server Error")
    if (number >= 0) return number
    const message = "Input should be greater than or equal to 0"
    this.add("greater_than_equal", loc, message, value, { ge: 0 })
    return 0
  }

  word<T extends string>(value: unknown, words: readonly T[], loc: Place): T | null {
    const word = words.find((known) => known === value)
    if (word !== undefined) return word
    const expected = listed(words)
    this.add("enum", loc, `Input should be ${expected}`, value, { expected })
    return null
  }

  text(value: unknown, loc: Place): string | null {
    if (typeof value === "string") return value
    this.add("string_type", loc, "Input should be a valid string", value)
    return null
  }

  flag(value: unknown, loc: Place): boolean | null {
    if (typeof value === "boolean") return value
    this.add("bool_type", loc, "Input should be a valid boolean", value)
    return null
  }

  list<T>(value: unknown, loc: Place, read: (item: unknown, loc: Place) => T | null): T[] {
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown, index) => {
        const read_ = read(item, [...loc, index])
        return read_ === null ? [] : [read_]
      })
    }
    this.add("list_type", loc, "Input should be a valid list", value)
    return []
  }

  /** In lower case and with dashes. */
  uuid(value: unknown, loc: Place): string | null {
    const uuid = uuidIn(value)
    if (uuid !== null) return uuid
    const text = typeof value === "string" ? value : ""
    const stranger = text.search(/[^0-9a-f-]/i)
    const digits = text.replaceAll("-", "").length
    const error =
      stranger === -1
        ? `invalid length: expected length 32 for simple format, found ${digits}`
        : `invalid character: found \`${text.charAt(stranger)}\` at ${stranger}`
    this.add("uuid_parsing", loc, `Input should be a valid UUID, ${error}`, value, { error })
    return null
  }

  /** Whole microseconds since 1970. */
  time(value: unknown, loc: Place): number | null {
    if (typeof value === "number") return Math.round(value * 1_000_000)
    try {
      return readIsoTime(typeof value === "string" ? value : "")
    } catch (cause) {
      if (!(cause instanceof IsoTimeError)) throw cause
      const message = `Value error, Unable to parse string [${String(value)}]`
      this.add("value_error", loc, message, value, { error: {} })
      return null
    }
  }
}

/** A UUID, also without dashes or in upper case, as the server writes it; null for anything else. */
export const uuidIn = (value: unknown): string | null => {
  if (typeof value !== "string") return null
  const parts = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i
  const found = parts.exec(value)
  return found === null ? null : found.slice(1).join("-").toLowerCase()
}
