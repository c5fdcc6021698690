/** A name without case and style: `startedAt`, `started_at` and `Started-At` are one. */
export const plain = (name: string): string => name.replaceAll(/[^\p{L}\d]/gu, "").toLowerCase()

/**
 * The name of a time, whole and without the endings that only say that it is one: `startedAtMs` is
 * `startedatms`, `startedat` and `started`.
 */
export const timeNames = (name: string): ReadonlyArray<string> => {
  const shorter = name.replace(/(at|on|time|date|ts|ms|utc)$/, "")
  return shorter === name || shorter === "" ? [name] : [name, ...timeNames(shorter)]
}

const reserved = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends " +
    "false finally for function if implements import in instanceof interface let new null package " +
    "private protected public return static super switch this throw true try typeof var void while " +
    "with yield adapter auth filter pagination setting wire item detail todo fromget fromlist statuses triggers"
  ).split(" "),
)

/** The name of the constant that holds an adapter: `my-provider` gives `myProvider`. */
export const constantOf = (id: string): string => {
  const name = id.replaceAll(/-+(.?)/g, (_, letter: string) => letter.toUpperCase())
  return reserved.has(name.toLowerCase()) ? `${name}Adapter` : name
}

/** The name for people where none is given: `my-provider` gives `My Provider`. */
export const titleOf = (id: string): string =>
  id
    .split(/-+/)
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
