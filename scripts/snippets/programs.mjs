// The blocks of TypeScript on one page, as a reader has them: one program, read from the top.
//
// Each block stands in a scope of its own inside that of the block before it, so that it knows what
// was said earlier and may say it anew; what any of them imports is imported at the top. A block that
// begins with the comment of a path is that file, complete as it is. A docstring is read by somebody
// who has imported what it names, and holds the values in `known`.

/** @import { Block, Document } from "./documents.mjs" */

/**
 * @typedef {object} Program
 * @property {string} file where it stands in the reader's project
 * @property {string} code
 * @property {number[]} lines of each line of code, the line of the document; 0 where there is none
 */

/** Values that a docstring may name without making them. */
const known = {
  "import type { Client, Connection } from": "@execlog/core",
  "import type { ServedAdapter } from": "@execlog/contract-tests",
}
const values = [
  "declare const client: Client",
  "declare const connection: Connection",
  "declare const served: ServedAdapter",
  "declare const apiKey: string",
  "declare const line: string",
]

/**
 * @param {Document} document
 * @param {ReadonlyMap<string, string>} exported which package exports a name, for docstrings
 * @returns {Program[]}
 */
export const programsOf = (document, exported) => {
  const blocks = document.blocks.filter(({ language }) => language === "ts")
  const named = blocks.filter((block) => fileOf(block) !== undefined)
  const others = blocks.filter((block) => fileOf(block) === undefined)
  return [
    ...named.map((block) => ({
      file: String(fileOf(block)),
      code: block.text,
      lines: block.text.split("\n").map((_, index) => block.line + index),
    })),
    ...(others.length === 0
      ? []
      : [nested(others, document.isPage ? [] : around(others, exported))]),
  ]
}

/** @param {Block} block */
const fileOf = ({ text }) => /^\/\/ (\S+\.ts)\n/.exec(text)?.[1]

const importStatement = /^import\s[^"]*"[^"]+"[^\n]*\n/gm

/**
 * @param {Block[]} blocks
 * @param {string[]} preamble
 */
const nested = (blocks, preamble) => {
  const imports = new Map(preamble.map((line) => [line, 0]))
  const body = blocks.flatMap(({ line, text }) => {
    const lineAt = (index) => line + text.slice(0, index).split("\n").length - 1
    for (const statement of text.matchAll(importStatement)) {
      for (const [single, offset] of singleImports(statement[0])) {
        if (!imports.has(single)) imports.set(single, lineAt(statement.index + offset))
      }
    }
    const rest = text
      .replaceAll(importStatement, (statement) => statement.replaceAll(/[^\n]/g, ""))
      .replaceAll(/^export (?=\w)/gm, "       ")
    return [["{", 0], ...rest.split("\n").map((code, index) => [code, line + index])]
  })
  const ends = blocks.map(() => ["}", 0])
  const all = [...imports, [";", 0], ...body, ...ends, ["export {}", 0]]
  return {
    file: "page.ts",
    code: all.map(([code]) => code).join("\n"),
    lines: all.map(([, line]) => Number(line)),
  }
}

/** An import of several names as imports of one, so that two blocks may import the same. */
const singleImports = (statement) => {
  const [, type = "", names, from] =
    /^import (type )?\{([^}]*)\} from ("[^"]+")/.exec(statement) ?? []
  if (names === undefined) return [[statement.trim().replaceAll(/\s+/g, " "), 0]]
  return [...names.matchAll(/[^,]+/g)]
    .filter(([name]) => name.trim() !== "")
    .map(({ 0: name, index }) => [
      `import ${type}{ ${name.trim()} } from ${from}`,
      statement.indexOf("{") + 1 + index + name.search(/\S/),
    ])
}

/**
 * @param {Block[]} blocks
 * @param {ReadonlyMap<string, string>} exported
 */
const around = (blocks, exported) => {
  const words = new Set(blocks.flatMap(({ text }) => text.match(/\b[A-Za-z_]\w*/g) ?? []))
  const modules = new Set(
    blocks.flatMap(({ text }) => [...text.matchAll(/\b([A-Z]\w*)\./g)].map(([, name]) => name)),
  )
  return [
    ...Object.entries(known).map(([what, from]) => `${what} "${from}"`),
    ...[...words].flatMap((word) => {
      const from = exported.get(word)
      if (from !== undefined) return [`import { ${word} } from "${from}"`]
      return modules.has(word) && /^(Effect|Schema|Stream|Layer|Result)$/.test(word)
        ? [`import * as ${word} from "effect/${word}"`]
        : []
    }),
    ...values,
  ]
}
