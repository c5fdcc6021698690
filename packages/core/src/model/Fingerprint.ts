/**
 * A hash of 64 bits as 12 URL-safe characters. It distinguishes ids and settings and detects
 * accidental changes. It does not resist deliberate collisions.
 */
export const fingerprint = (text: string): string => {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return base64Url(a >>> 0) + base64Url(b >>> 0)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

const base64Url = (word: number): string => {
  let text = ""
  for (let shift = 0; shift < 32; shift += 6) text += alphabet.charAt((word >>> shift) & 63)
  return text
}
