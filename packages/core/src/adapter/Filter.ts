/**
 * Who answers a filter, as an adapter declares it. Import it as a namespace:
 * `Filter.provider((id) => ({ workflowId: id }))`. The two time filters are not declared: they
 * follow from the endpoint's time axis.
 */
import type { JsonObject } from "../model/Json.js"

/** How an adapter answers a filter. */
export type Filter =
  | {
      readonly by: "provider"
      /** The parameters for a value; null where the provider cannot take this value. */
      readonly push: (value: string) => JsonObject | null
      /** Why a value was not taken, for `explain` and for errors. */
      readonly note: string | undefined
    }
  | { readonly by: "execlog" }
  | { readonly by: "settings"; readonly value: string }
  | { readonly by: "nobody"; readonly note: string }

/** How an adapter answers the status filter. */
export type StatusFilter =
  | {
      readonly by: "provider"
      /** The words that the provider's own filter takes. */
      readonly words: ReadonlyArray<string>
      /** The parameters for a set of these words; null where the provider cannot take this set. */
      readonly push: (words: ReadonlyArray<string>) => JsonObject | null
      /** The provider's filter lets more than these words pass. */
      readonly isSuperset: boolean
    }
  | { readonly by: "execlog" }

/**
 * The provider answers it exactly, or, where `push` gives null, execlog does. For `search`, which
 * nobody but the provider can answer, null makes the query Unsupported.
 */
export const provider = (
  push: (value: string) => JsonObject | null,
  { takes, note }: ValueOptions = {},
): Filter => ({
  by: "provider",
  push: takes === undefined ? push : (value) => (takes(value) ? push(value) : null),
  note,
})

/** Which values a provider's filter takes. */
interface ValueOptions {
  /** Whether it takes a value, such as `Id.uuid.fits`. Default: each. */
  readonly takes?: (value: string) => boolean
  /** Why it does not take a value. */
  readonly note?: string
}

/** The provider answers it exactly, by a parameter that takes the value as it is. */
export const param = (name: string, options?: ValueOptions): Filter =>
  provider((value) => ({ [name]: value }), options)

/**
 * The provider answers it for some of its words, where it takes the set that is asked for: exactly,
 * or, with `isSuperset`, with others among them, which are filtered here.
 */
export const words = (
  taken: ReadonlyArray<string>,
  push: (words: ReadonlyArray<string>) => JsonObject | null,
  options?: { readonly isSuperset?: boolean },
): StatusFilter => ({
  by: "provider",
  words: taken,
  push,
  isSuperset: options?.isSuperset ?? false,
})

/** The provider answers it for one of these words at a time, by a parameter that takes the word. */
export const oneWord = (name: string, taken: ReadonlyArray<string>): StatusFilter =>
  words(taken, ([word, ...more]) =>
    word !== undefined && more.length === 0 ? { [name]: word } : null,
  )

/** execlog answers it, by a field that the provider fills. */
export const here: { readonly by: "execlog" } = { by: "execlog" }

/**
 * The settings say which value all executions have. Without one nobody can answer it, for the reason
 * in `note`.
 */
export function fixed(value: string): Filter
export function fixed(value: string | null | undefined, note: string): Filter
export function fixed(value: string | null | undefined, note = ""): Filter {
  return value === null || value === undefined ? unsupported(note) : { by: "settings", value }
}

/** Nobody can answer it; `note` says why and what would help. */
export const unsupported = (note: string): Filter => ({ by: "nobody", note })
