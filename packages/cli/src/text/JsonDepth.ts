// Deeper than any setting, and far from where what reads it would run out of stack.
export const deepestSetting = 100

/** Where a text that should be JSON goes deeper than any setting; null where it does not. */
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
