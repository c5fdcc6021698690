// The project's documentation and its code blocks: pages, and docstrings with an
// @example, each with the line at which it stands.

import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")

/**
 * @typedef {object} Block
 * @property {number} line of its first line of code, from 1
 * @property {string} language what stands behind the fence; empty where nothing does
 * @property {string} text
 */

/**
 * @typedef {object} Document
 * @property {string} path from the root of the repository
 * @property {string} text
 * @property {Block[]} blocks
 * @property {boolean} isPage false for a docstring
 */

const files = (...patterns) =>
  globSync(patterns, { cwd: root, exclude: (path) => /node_modules|dist/.test(path) })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()

/** @returns {Document[]} */
export const pages = () =>
  files("*.md", "docs/**/*.md", "packages/*/README.md", "packages/adapters/*/README.md")
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .map((page) => ({ ...page, blocks: blocksOf(page.text), isPage: true }))

/**
 * The fenced blocks of a page; what stands in a list is indented, and so is its fence. A line that is
 * code by being indented counts where it is a command.
 */
export const blocksOf = (text) => {
  /** @type {Block[]} */
  const blocks = []
  /** @type {{ block: Block, indent: number, fence: string } | null} */
  let open = null
  for (const [index, line] of text.split("\n").entries()) {
    if (open !== null) {
      if (line.trim() === open.fence) open = null
      else open.block.text += `${line.slice(open.indent)}\n`
      continue
    }
    const [, indent, fence, language = ""] = /^(\s*)(`{3,})\s*(\S*)/.exec(line) ?? []
    if (fence !== undefined) {
      const block = { line: index + 2, language, text: "" }
      open = { block, indent: String(indent).length, fence }
      blocks.push(block)
    } else if (/^ {4}(npx|npm|pnpm|execlog) /.test(line)) {
      blocks.push({ line: index + 1, language: "sh", text: `${line.trim()}\n` })
    }
  }
  if (open !== null) throw new Error(`the block at line ${open.block.line - 1} has no end`)
  return blocks
}

/** @returns {Document[]} a document for each @example in the sources of what can be imported */
export const examples = () =>
  files("packages/*/src/**/*.ts", "packages/adapters/*/src/**/*.ts")
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .flatMap(({ path, text }) =>
      examplesOf(text).map((block) => ({ path, text, blocks: [block], isPage: false })),
    )

/** The text after @example in a docstring, up to the next tag or the end. */
export const examplesOf = (text) => {
  /** @type {Block[]} */
  const blocks = []
  /** @type {Block | null} */
  let open = null
  for (const [index, line] of text.split("\n").entries()) {
    const inside = /^\s*\* ?(?!\/)(.*)$/.exec(line)?.[1]
    if (inside === undefined || inside.startsWith("@")) open = null
    if (inside?.startsWith("@example")) {
      open = { line: index + 2, language: "ts", text: "" }
      blocks.push(open)
    } else if (open !== null) open.text += `${inside}\n`
  }
  // A docstring inside generated code belongs to the generator.
  return blocks.filter(({ text: code }) => !code.includes("${"))
}
