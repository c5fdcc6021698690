/** Text of TypeScript, as oxfmt would write it: pieces of which the written files are made. */

const width = 100

/** A text as a literal, in the quotes that need fewer backslashes. */
export const quoted = (text: string): string => {
  const literal = JSON.stringify(text)
  return text.includes('"') && !text.includes("'")
    ? `'${literal.slice(1, -1).replaceAll('\\"', '"')}'`
    : literal
}

/** A name as a key of an object. */
export const keyOf = (name: string): string => (isIdentifier(name) ? name : quoted(name))

const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name)

/** The value inside of `root` that a path leads to; `isSure` says which parts are always there. */
export const access = (
  root: string,
  path: ReadonlyArray<string>,
  isSure: (path: ReadonlyArray<string>) => boolean,
): string =>
  path.reduce((source, name, index) => {
    const mark = index === 0 || isSure(path.slice(0, index)) ? "" : "?."
    return isIdentifier(name)
      ? `${source}${mark === "" ? "." : mark}${name}`
      : `${source}${mark}[${quoted(name)}]`
  }, root)

/** Moves all lines but the first to the right. */
export const indented = (source: string, by: number): string =>
  source.replaceAll("\n", `\n${" ".repeat(by)}`)

/** An object with a line for each of its parts; a part is `key: value`, or a spread. */
export const object = (parts: ReadonlyArray<string>): string =>
  parts.length === 0 ? "{}" : `{\n  ${parts.map((part) => indented(part, 2)).join(",\n  ")},\n}`

/** A call with its arguments on one line where they fit, `before` being what stands left of it. */
export const call = (name: string, values: ReadonlyArray<string>, before: number): string => {
  const line = `${name}(${values.join(", ")})`
  const [first = ""] = line.split("\n")
  const isOneLine = !values.slice(0, -1).some((value) => value.includes("\n"))
  // An object at the end may go over several lines.
  const hugs = !line.includes("\n") || /[{[(]$/.test(first)
  return isOneLine && hugs && before + first.length < width
    ? line
    : `${name}(\n  ${values.map((value) => indented(value, 2)).join(",\n  ")},\n)`
}

/** A value that the author has to settle, and what stands in until then. */
export const todoCall = (where: string, what: string, standIn: string, before: number): string =>
  call("todo", [quoted(where), quoted(what), standIn], before)
