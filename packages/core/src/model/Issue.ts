import * as SchemaIssue from "effect/SchemaIssue"

/** One problem of a value, and its path. */
export interface ValueIssue {
  /** The keys from the outermost on; empty for the value itself. */
  readonly path: ReadonlyArray<string | number>
  /** The problem, such as `Expected number` or `Missing key`. It contains nothing of the value. */
  readonly message: string
  /** The value at the path, shortened; null if there is none, or if it must not be shown. */
  readonly got: string | null
}

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** In the words of the schema alone: what its filters say of a value may quote it. */
const formatIssueOfItem = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    SchemaIssue.defaultLeafHook(
      issue._tag === "InvalidValue" ? new SchemaIssue.InvalidValue() : issue,
    ),
  checkHook: ({ filter, issue }) =>
    issue._tag === "InvalidValue"
      ? SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidValue(filter.annotations))
      : undefined,
})

/** The problems that a schema reports. */
const issuesOf = (issue: SchemaIssue.Issue, format = formatIssue): ReadonlyArray<ValueIssue> =>
  format(issue).issues.map(({ message, path = [] }) => ({
    path: path
      .map((segment) => (typeof segment === "object" ? segment.key : segment))
      .map((key) => (typeof key === "symbol" ? String(key) : key)),
    message,
    got: null,
  }))

/** The problems that a schema reports in an item, with the values at their paths. */
export const issuesIn = (value: unknown, issue: SchemaIssue.Issue): ReadonlyArray<ValueIssue> =>
  issuesOf(issue, formatIssueOfItem).map(({ path, message }) => ({
    path,
    message,
    got: shownAt(value, path),
  }))

/** The path of the first problem. */
export const pathOf = (issue: SchemaIssue.Issue): ValueIssue["path"] =>
  issuesOf(issue)[0]?.path ?? []

/** The value at a path, shortened; null if there is none. */
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

/** Problems as text: `path: problem, got value`. At most three. */
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

/** The problems that a schema reports, as text. Messages of the schema may quote the value. */
export const describeIssue = (issue: SchemaIssue.Issue): string => issuesText(issuesOf(issue))
