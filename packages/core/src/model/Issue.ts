import * as SchemaIssue from "effect/SchemaIssue"

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** The path of the first complaint, from the outermost key on. */
export const pathOf = (issue: SchemaIssue.Issue): ReadonlyArray<PropertyKey> =>
  (formatIssue(issue).issues[0]?.path ?? []).map((segment) =>
    typeof segment === "object" ? segment.key : segment,
  )

/** Says a schema's complaint as `path: what is wrong`, one clause for each, three at most. */
export const describeIssue = (issue: SchemaIssue.Issue): string => {
  const { issues } = formatIssue(issue)
  const clauses = issues.slice(0, 3).map(({ message, path = [] }) => {
    const place = path
      .map((segment) => (typeof segment === "object" ? segment.key : segment))
      .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
      .join("")
      .replace(/^\./, "")
    return place === "" ? message : `${place}: ${message}`
  })
  if (issues.length > 3) clauses.push(`and ${issues.length - 3} more`)
  return clauses.join("; ")
}
