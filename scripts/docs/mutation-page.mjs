// Composes docs/mutation.md from the outcome of each mutant.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Where the page stands. */
export const mutationPagePath = join(root, "docs", "mutation.md")

/**
 * A mutant, as the page describes it.
 *
 * @typedef {object} Mutant
 * @property {string} fileName
 * @property {{ start: Place, end: Place }} location
 * @property {string} mutatorName
 * @property {string} [replacement]
 * @property {string} status
 *
 * @typedef {{ line: number, column: number }} Place
 */

const introduction = `# Mutation

How many changes to each adapter its tests detect. Stryker changes the source in one place, such as a condition, a number or a text, and runs the tests: the contract suite on the fixtures and the adapter's own. If no test fails for such a mutant, that code could break unnoticed.

\`pnpm mutate\` runs this for all adapters and generates this page, \`pnpm mutate dify\` for one adapter and its section; it takes some minutes per adapter. It omits the suites that try a thousand walks and all faults, and tests in separate processes, which load the built adapter. Mutants that do not compile or load are not counted.
`

/**
 * The page with new parts for some adapters, by their names; those of others stay as they are.
 *
 * @param {string} before
 * @param {ReadonlyMap<string, ReadonlyArray<Mutant>>} mutants
 */
export const composeMutationPage = (before, mutants) => {
  const [, ...kept] = before.split(/^## /m)
  const parts = new Map(kept.map((part) => [part.slice(0, part.indexOf("\n")), part.trim()]))
  for (const [name, all] of mutants) parts.set(name, partOf(name, all))
  const sorted = [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `${[introduction.trim(), ...sorted.map(([, part]) => `## ${part}`)].join("\n\n")}\n`
}

/**
 * @param {string} name
 * @param {ReadonlyArray<Mutant>} mutants
 */
const partOf = (name, mutants) => {
  const files = [...Map.groupBy(mutants, ({ fileName }) => pathOf(fileName))].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const rows = [...files.map(([file, some]) => rowOf(file, some)), rowOf("all", mutants)]
  const survivors = files.flatMap(([file, some]) =>
    some
      .filter(isSurvivor)
      .toSorted(byPlace)
      .map((mutant) => lineOf(file, mutant)),
  )
  const scores = table([["", "mutants", "found", "survived", "score"], ...rows])
  return `${name}\n\n${scores}\n${survivors.length === 0 ? "None survived." : `What survived:\n\n${survivors.join("\n")}`}`
}

/**
 * The score in percent: how many of the mutants were found.
 *
 * @param {ReadonlyArray<Mutant>} mutants
 */
export const scoreOf = (mutants) => {
  const { found, survived } = countsOf(mutants)
  return (100 * found) / Math.max(1, found + survived)
}

/** @param {ReadonlyArray<Mutant>} mutants */
const countsOf = (mutants) => ({
  found: mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length,
  survived: mutants.filter(isSurvivor).length,
})

/** @param {Mutant} mutant */
const isSurvivor = ({ status }) => status === "Survived" || status === "NoCoverage"

/**
 * @param {string} name
 * @param {ReadonlyArray<Mutant>} mutants
 */
const rowOf = (name, mutants) => {
  const { found, survived } = countsOf(mutants)
  const score = `${scoreOf(mutants).toFixed(1)} %`
  return [name, String(found + survived), String(found), String(survived), score]
}

/**
 * @param {string} file
 * @param {Mutant} mutant
 */
const lineOf = (file, { location: { start, end }, replacement = "", mutatorName }) => {
  const lines = readFileSync(join(root, file), "utf8").split("\n")
  const from = lines[start.line - 1] ?? ""
  const original =
    start.line === end.line
      ? from.slice(start.column - 1, end.column - 1)
      : `${from.slice(start.column - 1)} …`
  const [first = ""] = replacement.split("\n")
  const place = `${file}:${start.line}`
  return `- \`${place}\` ${mutatorName}: ${code(original)} → ${code(first)}`
}

/** @param {string} text */
const code = (text) => {
  const cut = text.trim().slice(0, 90)
  if (cut === "") return "nothing"
  return cut.includes("`") ? `\`\` ${cut} \`\`` : `\`${cut}\``
}

/**
 * @param {Mutant} one
 * @param {Mutant} other
 */
const byPlace = (one, other) =>
  one.location.start.line - other.location.start.line ||
  one.location.start.column - other.location.start.column

/** @param {string} fileName */
const pathOf = (fileName) => fileName.slice(fileName.lastIndexOf("packages/adapters/"))

/**
 * A table as the formatter would write it.
 *
 * @param {readonly string[][]} rows
 */
const table = (rows) => {
  const [head = [], ...rest] = rows
  const widths = head.map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`
  return [line(head), rule, ...rest.map(line)].join("")
}
