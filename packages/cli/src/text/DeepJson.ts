/** Serializes values that are too deeply nested for the stack of JSON.stringify. */

interface Opened {
  readonly entries: Iterator<readonly [string | null, unknown]>
  readonly close: string
  isEmpty: boolean
}

/** JSON.stringify without indentation, for data of any depth. */
export const deepJson = (value: unknown): string => {
  const parts: Array<string> = []
  const opened: Array<Opened> = []
  const put = (item: unknown) => {
    const data = item instanceof Date ? item.toJSON() : item
    if (typeof data !== "object" || data === null) {
      parts.push(JSON.stringify(data) ?? "null")
      return
    }
    parts.push(Array.isArray(data) ? "[" : "{")
    opened.push({
      entries: entriesOf(data),
      close: Array.isArray(data) ? "]" : "}",
      isEmpty: true,
    })
  }
  put(value)
  for (let top = opened.at(-1); top !== undefined; top = opened.at(-1)) {
    const next = top.entries.next()
    if (next.done === true) {
      parts.push(top.close)
      opened.pop()
    } else {
      const [key, item] = next.value
      if (!top.isEmpty) parts.push(",")
      top.isEmpty = false
      if (key !== null) parts.push(`${JSON.stringify(key)}:`)
      put(item)
    }
  }
  return parts.join("")
}

/** Whether data is nested deeper than a number of levels. */
export const isDeeperThan = (value: unknown, levels: number): boolean => {
  let level: ReadonlyArray<unknown> = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : [],
    )
  }
  return false
}

/** Replaces values nested deeper than a number of levels by a text. */
export const cutBelow = (value: unknown, levels: number, note: string): unknown =>
  isDeeperThan(value, levels) ? withCuts(value, levels, note) : value

const withCuts = (value: unknown, levels: number, note: string): unknown => {
  if (typeof value !== "object" || value === null || value instanceof Date) return value
  if (levels === 0) return note
  if (Array.isArray(value)) return value.map((item) => withCuts(item, levels - 1, note))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withCuts(item, levels - 1, note)]),
  )
}

function* entriesOf(value: object): Generator<readonly [string | null, unknown]> {
  if (Array.isArray(value)) {
    for (const item of value) yield [null, item]
  } else {
    for (const [key, item] of Object.entries(value)) if (item !== undefined) yield [key, item]
  }
}

// Deeper than any setting, and far below the stack limit of JSON.parse.
export const deepestSetting = 100

/** The offset at which JSON text exceeds the maximum depth; null if it does not. */
export const tooDeepAt = (text: string): number | null => {
  let depth = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInText) {
      if (character === "\\") at += 1
      else if (character === '"') isInText = false
    } else if (character === '"') {
      isInText = true
    } else if (character === "{" || character === "[") {
      depth += 1
      if (depth > deepestSetting) return at
    } else if (character === "}" || character === "]") {
      depth -= 1
    }
  }
  return null
}
