import { styleText } from "node:util"
import type { ExecutionStatus } from "@execlog/core"
import stringWidth from "string-width"
import { terminalText } from "../text/TerminalText.js"

/** What stands in an empty cell for people. */
export const emptyCell = "–"

const ascii = /^[\x20-\x7e]*$/
const graphemes = new Intl.Segmenter()

// One character may be made of any number of others. A family of four takes 11 for two columns.
const longestGrapheme = 16
const longestOfColumn = longestGrapheme / 2

// No cell is as wide, and to measure takes its time.
const longestMeasured = 10_000

/** What others wrote as the text of a cell: safe to show, and no longer than a cell may need it. */
export const safeCell = (text: string): string => terminalText(text.slice(0, longestMeasured))

/** How many columns of a terminal a text takes. */
export const cellWidth = (text: string): number =>
  ascii.test(text) ? text.length : stringWidth(text.slice(0, longestMeasured))

/** Cuts a text to a width, with … where something is missing. */
export const cutToWidth = (text: string, width: number): string => {
  if (text.length <= width * longestOfColumn && cellWidth(text) <= width) return text
  if (width < 1) return ""
  if (ascii.test(text)) return `${text.slice(0, width - 1)}…`
  let cut = ""
  let taken = 0
  // What takes no column may still be any number of characters.
  const most = width * longestGrapheme
  for (const { segment } of graphemes.segment(text.slice(0, most))) {
    const shown = segment.slice(0, longestGrapheme)
    const next = taken + cellWidth(shown)
    if (next > width - 1) break
    cut += shown
    taken = next
  }
  return `${cut}…`
}

/** Fills a text up to a width, which wide characters reach sooner. */
export const padToWidth = (text: string, width: number, align: "left" | "right"): string => {
  const padding = " ".repeat(Math.max(0, width - cellWidth(text)))
  return align === "left" ? text + padding : padding + text
}

/** A text that takes exactly a width: cut or filled. */
export const fitToWidth = (text: string, width: number, align: "left" | "right"): string =>
  padToWidth(cutToWidth(text, width), width, align)

/** A style of a text on a terminal. */
export type Style = Parameters<typeof styleText>[0]

const statusStyles: Readonly<Record<ExecutionStatus, Style>> = {
  queued: "cyan",
  running: "cyan",
  waiting: "yellow",
  succeeded: "green",
  partial: "yellow",
  failed: "red",
  timed_out: "red",
  canceled: "dim",
  skipped: "dim",
  unknown: "magenta",
}

/** The style in which a status is shown. */
export const statusStyle = (status: ExecutionStatus): Style => statusStyles[status]

/** A text in a style, where colours are wanted. */
export const styled = (text: string, style: Style | null, hasColors: boolean): string =>
  style === null || !hasColors ? text : styleText(style, text, { validateStream: false })
