/** One word a row, such as its status. A byte each, since a history may have millions of rows. */
export interface WordColumn<Word extends string> {
  readonly wordOf: (row: number) => Word
  readonly set: (row: number, word: Word) => void
}

/** A column of so many rows, all of which have the first word. */
export const makeWordColumn = <Word extends string>(
  rows: number,
  words: readonly [Word, ...Array<Word>],
): WordColumn<Word> => {
  const codes = new Uint8Array(rows)
  return {
    wordOf: (row) => words[codes[row] ?? 0] ?? words[0],
    set: (row, word) => {
      codes[row] = words.indexOf(word)
    },
  }
}
