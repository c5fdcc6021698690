/**
 * The settings of an adapter, declared as data: a schema, whether it is a secret, a description and
 * a default. Import it as a namespace: `Setting.secret("…")`.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AdapterError, type Hint, type HintCode } from "../model/AdapterError.js"
import { parseSpan } from "../model/Instant.js"
import { describeIssue } from "../model/Issue.js"
import type { Json } from "../model/Json.js"
import { nearestWord } from "../model/NearestWord.js"
import { shortestSecret } from "../model/Redaction.js"

// Messages never quote a value: if two variables were swapped, it may be the key.

/** One setting: the user's value (`Input`) and the adapter's (`Type`). */
export interface Setting<Type, Input, Required extends boolean> {
  readonly kind: "secret" | "url" | "text" | "span" | "json"
  readonly required: Required
  readonly description: string
  /** The value of a setting that is not given; null if there is no default. */
  readonly default: Json
  /**
   * Whether it affects only how the provider is read, not what is read: changing it does not make a
   * store read the history again. Default: false.
   */
  readonly tunes?: boolean
  readonly parse: (input: unknown) => Parsed<Type>
  readonly "~input"?: Input
}

type Parsed<Type> =
  | { readonly ok: true; readonly value: Type }
  | { readonly ok: false; readonly problem: string }

/** The settings of an adapter, by name. */
export interface SettingsDeclaration {
  readonly [name: string]: Setting<unknown, unknown, boolean>
}

/** The settings as the adapter's functions receive them. */
export type SettingsType<S extends SettingsDeclaration> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer Type, infer _Input, infer _Required>
    ? Type
    : never
}

type InputOf<S> = S extends Setting<infer _Type, infer Input, infer _Required> ? Input : never

/**
 * The settings as a user gives them; an editor shows the comment of each. A required setting may be
 * `undefined`, as from `process.env`; it is then reported as missing.
 */
export type SettingsInput<S extends SettingsDeclaration> = {
  readonly [Name in keyof S as S[Name]["required"] extends true ? Name : never]:
    | InputOf<S[Name]>
    | undefined
} & {
  readonly [Name in keyof S as S[Name]["required"] extends true ? never : Name]?:
    | InputOf<S[Name]>
    | undefined
}

const good = <A>(value: A): Parsed<A> => ({ ok: true, value })
const bad = (problem: string): Parsed<never> => ({ ok: false, problem })

const parseSecret = (input: unknown): Parsed<Redacted.Redacted> => {
  if (typeof input !== "string") return bad("must be a text")
  if (input.trim() === "") return bad("is empty")
  // Redaction could not distinguish shorter ones from ordinary text.
  if (input.length < shortestSecret) return bad("is too short to be a key")
  // A header cannot contain these; the error of fetch would quote the value.
  if (/[^\x21-\x7e]/.test(input)) {
    return bad("contains a space, a line break or another character that a key cannot have")
  }
  return good(Redacted.make(input))
}

/** A key or password. Never printed, never part of a cursor. */
export const secret = (description: string): Setting<Redacted.Redacted, string, true> => ({
  kind: "secret",
  required: true,
  description,
  default: null,
  parse: parseSecret,
})

/** A key or password for a server that may also be open. */
export const optionalSecret = (
  description: string,
): Setting<Redacted.Redacted | null, string, false> => ({
  kind: "secret",
  required: false,
  description,
  default: null,
  parse: (input) => (input === null ? good(null) : parseSecret(input)),
})

/** The address of the provider's API, with or without a path and a trailing slash. */
export const url = (
  description: string,
  options: { readonly default: string },
): Setting<string, string, false> => ({
  kind: "url",
  required: false,
  description,
  default: options.default,
  parse: urlLike(options.default),
})

/** The address of a provider without a common one: every server has its own. */
export const ownUrl = (
  description: string,
  options: { readonly example: string },
): Setting<string, string, true> => ({
  kind: "url",
  required: true,
  description,
  default: null,
  parse: urlLike(options.example),
})

const urlLike =
  (example: string) =>
  (input: unknown): Parsed<string> => {
    if (typeof input !== "string" || !URL.canParse(input)) {
      return bad(`is not a URL. Write the full URL, such as ${example}`)
    }
    const parsed = new URL(input)
    if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
      return bad("must begin with https:// or http://")
    }
    if (parsed.username !== "" || parsed.password !== "") {
      return bad("must not contain a user name or a password")
    }
    if (parsed.search !== "" || parsed.hash !== "") {
      return bad("must end with its path, without anything after ? or #")
    }
    return good(parsed.href.replace(/(?<!\/)\/+$/, ""))
  }

/** A text. Required if it has no default. */
export function text(
  description: string,
  options?: { readonly default?: undefined; readonly tunes?: boolean },
): Setting<string, string, true>
export function text(
  description: string,
  options: { readonly default: string; readonly tunes?: boolean },
): Setting<string, string, false>
export function text(
  description: string,
  options: { readonly default?: string | undefined; readonly tunes?: boolean } = {},
): Setting<string, string, boolean> {
  return {
    kind: "text",
    required: options.default === undefined,
    description,
    default: options.default ?? null,
    tunes: options.tunes ?? false,
    parse: (input) =>
      typeof input === "string" && /^[\x20-\x7e]+$/.test(input)
        ? good(input)
        : bad("must be a text of printable ASCII that is not empty"),
  }
}

const parseSpanSetting = (input: unknown): Parsed<number> => {
  const span = typeof input === "string" ? parseSpan(input) : input
  return typeof span === "number" && Number.isFinite(span) && span >= 0
    ? good(span)
    : bad('is not a span of time. Write milliseconds, or a text such as "24h"')
}

/** A span of time: milliseconds, or a text such as `"90s"`, `"24h"`, `"7d"`. */
export const span = (
  description: string,
  options: { readonly default: string; readonly tunes?: boolean },
): Setting<number, number | string, false> => ({
  kind: "span",
  required: false,
  description,
  default: options.default,
  tunes: options.tunes ?? false,
  parse: parseSpanSetting,
})

/** An optional span of time. */
export const optionalSpan = (
  description: string,
  options: { readonly tunes?: boolean } = {},
): Setting<number | null, number | string, false> => ({
  kind: "span",
  required: false,
  description,
  default: null,
  tunes: options.tunes ?? false,
  parse: (input) => (input === null ? good(null) : parseSpanSetting(input)),
})

/** An optional structured setting. */
export const optional = <A>(
  description: string,
  schema: Schema.Codec<A>,
  options: { readonly tunes?: boolean } = {},
): Setting<A | null, A, false> => {
  const decode = Schema.decodeUnknownResult(schema, {
    errors: "all",
    onExcessProperty: "error",
  })
  return {
    kind: "json",
    required: false,
    description,
    default: null,
    tunes: options.tunes ?? false,
    parse: (input) => {
      if (input === null) return good(null)
      const decoded = decode(input)
      return Result.isSuccess(decoded)
        ? good(decoded.success)
        : bad(`is not valid: ${describeIssue(decoded.failure.issue)}`)
    },
  }
}

/** Validates the user's settings. Throws `InvalidSettings`, which names the setting. */
export const parseSettings = <S extends SettingsDeclaration>(
  provider: string,
  declaration: S,
  input: unknown,
): SettingsType<S> => {
  const names = Object.keys(declaration)
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalidSetting(
      provider,
      `The settings of ${provider} are an object with ${names.join(", ")}.`,
    )
  }
  const settings: Record<string, unknown> = { ...input }
  for (const name of Object.keys(settings)) {
    if (!names.includes(name)) {
      const near = nearestWord(name, names)
      throw invalidSetting(provider, `${provider} has no setting "${name}".`, name, {
        code: "change_name",
        text: near === null ? `Its settings are ${names.join(", ")}.` : `Did you mean ${near}?`,
      })
    }
  }
  const parsed = names.map((name) => {
    const setting = declaration[name]
    if (setting === undefined) throw new Error(`no declaration of ${name}`)
    const value = settings[name] ?? (setting.required ? undefined : setting.default)
    if (value === undefined) {
      throw invalidSetting(
        provider,
        `The setting "${name}" of ${provider} is missing.`,
        name,
        "add_setting",
      )
    }
    const result = setting.parse(value)
    if (!result.ok) {
      throw invalidSetting(
        provider,
        `The setting "${name}" of ${provider} ${result.problem}.`,
        name,
      )
    }
    return [name, result.value]
  })
  // The declaration's own parsers created each value: the only place where its type is restored.
  return Object.fromEntries(parsed) as SettingsType<S>
}

const invalidSetting = (
  provider: string,
  message: string,
  name: string | null = null,
  hint: Hint | HintCode = "correct_setting",
): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    provider,
    operation: "settings",
    subject: name === null ? null : { kind: "setting", name },
    hint,
  })
