import { createHash } from "node:crypto"
import type { Json, Rejected } from "@execlog/core"
import { storedText } from "./StoredText.js"

/** What tells a rejected item from the others of its connection, by its id or without one. */
export interface RejectedIdentity {
  /** Its id; else a hash of what it holds, and a hash of its place and shape. */
  readonly text: string
  /** How all begin that hold the same; null where it has an id. */
  readonly content: string | null
  /** How all end that stand at the same place of a page and are of the same shape. */
  readonly placeAndShape: string
}

/** The identity of an item that could not be read. */
export const identityOf = ({
  id,
  index,
  raw,
  reason,
}: Pick<Rejected, "id" | "index" | "raw" | "reason">): RejectedIdentity => {
  const placeAndShape = hashOf(`${index} ${shapeOf(raw, deepest)}`)
  if (id !== null) return { text: storedText(id), content: null, placeAndShape }
  const content = hashOf(raw === null ? reason : JSON.stringify(raw))
  return { text: `${content}.${placeAndShape}`, content, placeAndShape }
}

// Below, items of one kind differ.
const deepest = 3

/** The names in a value and the types of what stands there. */
const shapeOf = (value: Json, depth: number): string => {
  if (Array.isArray(value)) return "[]"
  if (typeof value !== "object" || value === null) return typeof value
  if (depth === 0) return "{}"
  const parts = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}:${shapeOf(part, depth - 1)}`,
  )
  return `{${parts.toSorted().join()}}`
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")
