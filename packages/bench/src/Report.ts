import type { Benchmark } from "./Benchmark.ts"
import type { Figure } from "./Figure.ts"

/** A benchmark with what it measured. */
export interface Section {
  readonly benchmark: Benchmark
  readonly figures: ReadonlyArray<Figure>
}

const value = (figure: Figure, amount: number): string => {
  if (figure.unit === "") return String(amount)
  return `${amount.toFixed(figure.unit === "×" ? 2 : 1)} ${figure.unit}`
}

const range = (figure: Figure): string =>
  figure.summary.least === figure.summary.most
    ? ""
    : `${value(figure, figure.summary.least)} to ${value(figure, figure.summary.most)}`

const verdict = ({ aim }: Figure): string => {
  if (aim === null) return ""
  return `${aim.text}: ${aim.isMet ? "met" : "missed"}`
}

const headings = ["", "median", "least to most", "aim", "in absolute terms"]

const cellsOf = (figure: Figure): Array<string> => [
  figure.name,
  value(figure, figure.summary.median),
  range(figure),
  verdict(figure),
  figure.aside,
]

/** A section for a terminal. */
export const sectionAsText = ({ benchmark, figures }: Section): string => {
  const lines = [headings, ...figures.map(cellsOf)]
  const widths = widthsOf(lines)
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
  return [`${benchmark.title} (--only ${benchmark.name})`, ...table, ""].join("\n")
}

/** A section of the documentation's page. */
const sectionAsMarkdown = (
  { benchmark, figures }: Section,
  { date, machine }: { readonly date: string; readonly machine: string },
): string => {
  const repeated = benchmark.repeated === null ? [] : [benchmark.repeated]
  const measured = `Measured on ${date} with ${machine}.`
  return [
    headingOf(benchmark),
    [benchmark.method, ...repeated, measured].join(" "),
    markdownTable(figures),
  ].join("\n\n")
}

const headingOf = ({ title }: Benchmark): string => `## ${title}`

/** The documentation's page, with sections measured anew and the others as they were. */
export const reportAsMarkdown = (
  page: string,
  benchmarks: ReadonlyArray<Benchmark>,
  sections: ReadonlyArray<Section>,
  conditions: { readonly date: string; readonly machine: string },
): string => {
  const before = page.split(/^(?=## )/m)
  return (
    [
      "# Benchmarks",
      "Written by `pnpm bench --write`.",
      "The ratios are what counts: each compares two things that ran alternately on the " +
        "same machine, A B, B A, …, after one warm-up run of each, unless stated otherwise. " +
        "The figure is the median of the pairs' ratios, followed by the minimum and maximum. " +
        "Absolute figures apply to this machine only. A missed aim is marked as missed; it " +
        "fails nothing.",
      "`pnpm bench` runs all of them in a few minutes; `pnpm bench --only decode` runs one " +
        `of them: ${benchmarks.map(({ name }) => name).join(", ")}. With \`--write\`, it updates ` +
        "the sections that it measured.",
      ...benchmarks.flatMap((benchmark) => {
        const measured = sections.find((section) => section.benchmark === benchmark)
        if (measured !== undefined) return [sectionAsMarkdown(measured, conditions)]
        const kept = before.find((section) => section.startsWith(`${headingOf(benchmark)}\n`))
        return kept === undefined ? [] : [kept.trimEnd()]
      }),
    ].join("\n\n") + "\n"
  )
}

const isNumeric = (column: number): boolean => column === 1 || column === 2

/** Columns are padded, as the formatter that checks the documentation wants them. */
const markdownTable = (figures: ReadonlyArray<Figure>): string => {
  const lines = [headings, ...figures.map(cellsOf)]
  const widths = widthsOf(lines)
  const rule = widths.map((width, column) =>
    isNumeric(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  )
  const [head = [], ...rows] = lines.map((line) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0
      return isNumeric(column) ? cell.padStart(width) : cell.padEnd(width)
    }),
  )
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

const widthsOf = (lines: ReadonlyArray<ReadonlyArray<string>>): Array<number> =>
  headings.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)))
