/**
 * Who applies a filter, as an adapter declares it. Import it as a namespace:
 * `Filter.provider((id) => ({ workflowId: id }))`. The time filters are not declared here: they
 * follow from the endpoint's time axis.
 */
import type { JsonObject } from "../model/Json.js"

/** How an adapter applies a filter. */
export type Filter =
  | {
      readonly by: "provider"
      /** The parameters for a value; null if the provider cannot filter by this value. */
      readonly push: (value: string) => JsonObject | null
      /** Why the provider cannot filter by a value, for `explain` and for errors. */
      readonly note: string | undefined
      /** A hint for such a value, if nobody can apply the filter then. */
      readonly hint?: string | undefined
    }
  | { readonly by: "execlog" }
  | { readonly by: "settings"; readonly value: string }
  | { readonly by: "nobody"; readonly note: string; readonly hint?: string | undefined }

/** How an adapter applies the status filter. */
export type StatusFilter =
  | {
      readonly by: "provider"
      /** The words that the provider's own filter accepts. */
      readonly words: ReadonlyArray<string>
      /**
       * The parameters for a set of these words; null if the provider cannot filter by this set.
       */
      readonly push: (words: ReadonlyArray<string>) => JsonObject | null
      /** Whether the provider's filter also returns other words than these. */
      readonly isSuperset: boolean
    }
  | { readonly by: "execlog" }

/**
 * The provider applies it exactly. For values where `push` returns null, execlog applies it;
 * `search`, which only the provider can apply, is then Unsupported.
 */
export const provider = (
  push: (value: string) => JsonObject | null,
  { takes, note, hint }: ValueOptions = {},
): Filter => ({
  by: "provider",
  push: takes === undefined ? push : (value) => (takes(value) ? push(value) : null),
  note,
  hint,
})

/** Which values a provider's filter accepts. */
interface ValueOptions {
  /** Whether it accepts a value, such as `Id.uuid.fits`. Default: every value. */
  readonly takes?: (value: string) => boolean
  /** Why it does not accept a value. */
  readonly note?: string
  /** A hint for the user. */
  readonly hint?: string
}

/** The provider applies it exactly, by a parameter that takes the value unchanged. */
export const param = (name: string, options?: ValueOptions): Filter =>
  provider((value) => ({ [name]: value }), options)

/**
 * The provider applies it for some of its words, if it accepts the requested set. With
 * `isSuperset`, it may also return other words, which execlog filters out.
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

/** The provider applies it for one of these words at a time, by a parameter that takes the word. */
export const oneWord = (name: string, taken: ReadonlyArray<string>): StatusFilter =>
  words(taken, ([word, ...more]) =>
    word !== undefined && more.length === 0 ? { [name]: word } : null,
  )

/** execlog applies it, by a field that the provider returns. */
export const here: { readonly by: "execlog" } = { by: "execlog" }

/**
 * All executions have this value, which the settings determine. Without a value, nobody can apply
 * the filter: `unset` says why.
 */
export function fixed(value: string): Filter
export function fixed(value: string | null | undefined, unset: Unset): Filter
export function fixed(value: string | null | undefined, unset: Unset = { note: "" }): Filter {
  return value === null || value === undefined
    ? unsupported(unset.note, unset)
    : { by: "settings", value }
}

/** Why no setting determines a value, and what to do about it. */
interface Unset {
  readonly note: string
  readonly hint?: string
}

/** Nobody can apply it; `note` says why, and `hint` what to do. */
export const unsupported = (note: string, options?: { readonly hint?: string }): Filter => ({
  by: "nobody",
  note,
  hint: options?.hint,
})
