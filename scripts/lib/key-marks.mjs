// Every key in a test holds one of these words, so that one search finds it wherever it shows: the
// first where a test makes its key up, the second in the keys that the simulator has by itself.
const words = ["canary", "simulator-key"]

/**
 * A text inside base64 after a number of other bytes, without the characters that depend on its neighbours.
 * @param {string} text
 * @param {number} offset
 */
const base64Within = (text, offset) => {
  const encoded = btoa("\0".repeat(offset) + text).replace(/=+$/, "")
  const end = (offset + text.length) % 3 === 0 ? encoded.length : -1
  return encoded.slice(Math.ceil((offset * 4) / 3), end)
}

const forms = words.flatMap((word) => [word, ...[0, 1, 2].map((at) => base64Within(word, at))])

/**
 * Whether a key shows in a text: as it is, URL-encoded, as JSON writes it, or in base64. Neither
 * URLs nor JSON write the words in another way.
 * @param {string} text
 */
export const holdsKey = (text) => forms.some((form) => text.includes(form))
