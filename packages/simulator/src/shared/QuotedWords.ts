/** The words that a field takes, as Pydantic lists them: 'a', 'b' or 'c'. */
export const quotedWords = (words: ReadonlyArray<string>): string => {
  const quoted = words.map((word) => `'${word}'`)
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`
}
