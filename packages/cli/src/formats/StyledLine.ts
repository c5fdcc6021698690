import { cutToWidth, type Style, styled } from "./Cell.js"

/** A part of a line that has one style. Its text is safe to show. */
export interface Segment {
  readonly text: string
  readonly style: Style | null
}

/** A part of a line without a style. */
export const plain = (text: string): Segment => ({ text, style: null })

/** A line of a terminal, cut to its width, with colours where they are wanted. */
export const styledLine = (
  segments: ReadonlyArray<Segment>,
  width: number,
  hasColors: boolean,
): string => {
  const whole = segments.map(({ text }) => text).join("")
  const cut = cutToWidth(whole.trimEnd(), width)
  let at = 0
  const parts = segments.map(({ text, style }) => {
    const part = cut.slice(at, at + text.length)
    at += text.length
    return part === "" ? "" : styled(part, style, hasColors)
  })
  return `${parts.join("")}\n`
}
