import type { ValueIssue } from "./Issue.js"
import type { Rejected } from "./LogPage.js"

/** Why an item could not be read. */
export class DecodeFault {
  readonly reason: string
  readonly cause: Rejected["cause"]
  /** The issues of the item, if a schema reports them. */
  readonly issues: ReadonlyArray<ValueIssue>
  /** Whether the reason may quote the item beyond what its issues quote. */
  readonly quotes: boolean
  constructor(
    reason: string,
    { cause = "item", issues = [], quotes = false }: Partial<Omit<DecodeFault, "reason">> = {},
  ) {
    this.reason = reason
    this.cause = cause
    this.issues = issues
    this.quotes = quotes
  }
}

/** Converts a decoder's failure; its reason may quote the item. */
export const decodeFaultOf = (
  failed:
    | DecodeFault
    | (Pick<DecodeFault, "reason"> & { readonly issues?: DecodeFault["issues"] | undefined }),
): DecodeFault =>
  failed instanceof DecodeFault
    ? failed
    : new DecodeFault(failed.reason, { issues: failed.issues ?? [], quotes: true })

/**
 * Runs an adapter's function on an item. If it throws, only this item is rejected, with the reason.
 */
export const guarded = <Input, A>(read: (input: Input) => A, input: Input): A | DecodeFault => {
  try {
    return withoutPromise(read(input))
  } catch (error) {
    return new DecodeFault(`the adapter failed on it: ${textOf(error)}`, {
      cause: "adapter",
      quotes: true,
    })
  }
}

/** Rejects a promise: an adapter's results are synchronous, and nobody would handle a rejection. */
export const withoutPromise = <A>(given: A): A => {
  if (!(given instanceof Promise)) return given
  given.catch(() => {})
  throw new TypeError("it returned a promise")
}

/** A thrown value as text: anything can be thrown, even a value that has none. */
export const textOf = (thrown: unknown): string => {
  try {
    return String(thrown)
  } catch {
    return "it threw a value that cannot be written as text"
  }
}

/** Ids become part of paths, keys and environment variables, whose length is limited. */
const longestId = 1024

/** Why this cannot be the id of an execution; null if it can. */
export const faultOfId = (id: unknown): string | null => {
  // An adapter in plain JavaScript may return anything.
  if (typeof id !== "string" || id === "") return "it has no id"
  return id.length > longestId
    ? `its id has ${id.length} characters; the limit is ${longestId}`
    : null
}
