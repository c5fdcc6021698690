// The commands in blocks of shell, word by word as a shell takes them.

/** @import { Block } from "./documents.mjs" */

const part =
  /\\\n|(?<quoted>'[^']*'|"(?:\\.|[^"\\])*")|(?<comment>(?<=^|\s)#[^\n]*)|(?<operator>&&|\|\|?|;|\n|\d?>>?|<)|(?<space>[ \t]+)|(?<plain>\\.|[^\s'"|;&<>\\]+|&)/g

/**
 * @param {Block} block
 * @returns {Array<{ line: number, words: string[] }>}
 */
export const commandLinesOf = ({ line, text }) => {
  /** @type {Array<{ line: number, words: string[] }>} */
  const commands = []
  let words = []
  let isOpen = false
  for (const { index, groups = {} } of text.matchAll(part)) {
    const word = groups["quoted"]?.slice(1, -1) ?? groups["plain"]
    if (word !== undefined) {
      if (isOpen) words[words.length - 1] += word
      else words.push(word)
      isOpen = true
      continue
    }
    isOpen = false
    if (groups["operator"] === undefined) continue
    if (words.length > 0) {
      const before = text.slice(0, index).split("\n").length - 1
      commands.push({ line: line + before, words: withoutVariables(words) })
    }
    words = []
  }
  return commands
}

/** Leaves out what is set for one command: `DIFY_API_KEY=… npx execlog list`. */
const withoutVariables = (words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)))
