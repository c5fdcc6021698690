import type { ValueIssue } from "./Issue.js"

/** Why an adapter's function could not read an item. */
export class Unreadable {
  readonly reason: string
  /** The adapter failed, and the item may be good. */
  readonly isAdapters: boolean
  /** What is wrong with it, where a schema says it. */
  readonly issues: ReadonlyArray<ValueIssue>
  constructor(reason: string, isAdapters = false, issues: ReadonlyArray<ValueIssue> = []) {
    this.reason = reason
    this.isAdapters = isAdapters
    this.issues = issues
  }
}

/** Runs an adapter's function on an item: one that throws costs this item alone, and says why. */
export const guarded = <Input, A>(read: (input: Input) => A, input: Input): A | Unreadable => {
  try {
    return withoutPromise(read(input))
  } catch (error) {
    return new Unreadable(`the adapter failed on it: ${textOf(error)}`, true)
  }
}

/** What an adapter gives is there at once: of a promise nobody would hear that it was rejected. */
export const withoutPromise = <A>(given: A): A => {
  if (!(given instanceof Promise)) return given
  given.catch(() => {})
  throw new TypeError("it returned a promise")
}

/** What was thrown, as text: anything can be thrown, even what has no text. */
export const textOf = (thrown: unknown): string => {
  try {
    return String(thrown)
  } catch {
    return "it threw something that has no text"
  }
}

/** An id goes into paths, keys and the environment of commands, which take no more than so much. */
const longestId = 1024

/** Why this cannot be the id of an execution; null where it can. */
export const faultOfId = (id: unknown): string | null => {
  // An adapter in plain JavaScript may give anything.
  if (typeof id !== "string" || id === "") return "it has no id"
  return id.length > longestId
    ? `its id has ${id.length} characters, and no more than ${longestId} are taken`
    : null
}
