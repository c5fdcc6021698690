/**
 * A path into JSON as a person writes it: names joined by dots, `*` for any one name or index, `**`
 * for any number of them. Upper and lower case are the same.
 */
export type PathPattern = ReadonlyArray<string>

/** Whether a part of a pattern stands for any name. */
export const isWild = (part: string): boolean => part === "*" || part === "**"

/** Reads a pattern; null where a part is empty, or is neither a whole name nor `*` nor `**`. */
export const readPathPattern = (path: string): PathPattern | null => {
  const parts = path.toLowerCase().split(".")
  return parts.some((part) => part === "" || (part.includes("*") && !isWild(part))) ? null : parts
}

/** Whether a pattern matches the whole of a path. */
export const matchesPath = (pattern: PathPattern, path: ReadonlyArray<string>): boolean => {
  const names = path.map((name) => name.toLowerCase())
  // Whether the pattern so far matches the first so many names, for each number of names.
  let reached = [true, ...names.map(() => false)]
  for (const part of pattern) {
    let isReached = false
    reached = reached.map((_, count) => {
      isReached ||= reached[count] === true
      if (part === "**") return isReached
      return count > 0 && reached[count - 1] === true && (part === "*" || part === names[count - 1])
    })
  }
  return reached.at(-1) === true
}
