import * as SchemaIssue from "effect/SchemaIssue"

/** One thing that is wrong with a value, and where in it. */
export interface ValueIssue {
  /** From the outermost key on; empty for the value itself. */
  readonly path: ReadonlyArray<string | number>
  /** What is wrong there, such as `Expected number` or `Missing key`. It quotes nothing of the value. */
  readonly message: string
  /** What stands there, in short; null where nothing does, or where it is not to be shown. */
  readonly got: string | null
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const unnamedFault = "Expected a valid value"

/** In the words of the schema alone: what its filters say of a value may quote it. */
const formatIssueOfItem = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    issue._tag === "InvalidValue" ? unnamedFault : SchemaIssue.defaultLeafHook(issue),
  checkHook: ({ filter: { annotations }, issue }) => {
    if (typeof annotations?.message === "string") return annotations.message
    if (issue._tag !== "InvalidValue") return undefined
    const { expected } = annotations ?? {}
    return typeof expected === "string" ? `Expected ${expected}` : unnamedFault
  },
})

/** What a schema complains of. */
const issuesOf = (issue: SchemaIssue.Issue, format = formatIssue): ReadonlyArray<ValueIssue> =>
  format(issue).issues.map(({ message, path = [] }) => ({
    path: path
      .map((segment) => (typeof segment === "object" ? segment.key : segment))
      .map((key) => (typeof key === "symbol" ? String(key) : key)),
    message,
    got: null,
  }))

/** What a schema complains of in an item, with what stands there. */
export const issuesIn = (value: unknown, issue: SchemaIssue.Issue): ReadonlyArray<ValueIssue> =>
  issuesOf(issue, formatIssueOfItem).map(({ path, message }) => ({
    path,
    message,
    got: shownAt(value, path),
  }))

/** The path of the first complaint. */
export const pathOf = (issue: SchemaIssue.Issue): ValueIssue["path"] =>
  issuesOf(issue)[0]?.path ?? []

/** What stands at a path, in short; null where nothing does. */
export const shownAt = (value: unknown, path: ValueIssue["path"]): string | null => {
  const found = valueAt(value, path)
  return found === undefined ? null : shown(found)
}

/** The value at a path; undefined where nothing stands. */
export const valueAt = (value: unknown, path: ValueIssue["path"]): unknown => {
  let found = value
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return "an array"
  if (typeof value === "object" && value !== null) return "an object"
  return typeof value === "string" ? JSON.stringify(value) : String(value)
}

const mostClauses = 3

/** Issues as `path: what is wrong, got what stands there`, one clause for each, three at most. */
export const issuesText = (issues: ReadonlyArray<ValueIssue>): string => {
  const clauses = issues.slice(0, mostClauses).map(({ path, message, got }) => {
    const place = path
      .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
      .join("")
      .replace(/^\./, "")
    return `${place === "" ? "" : `${place}: `}${message}${got === null ? "" : `, got ${got}`}`
  })
  if (issues.length > mostClauses) clauses.push(`and ${issues.length - mostClauses} more`)
  return clauses.join("; ")
}

/** What a schema complains of, for a person. A message of the schema quotes the value as it was told to. */
export const describeIssue = (issue: SchemaIssue.Issue): string => issuesText(issuesOf(issue))
