/** A text in base64, by its UTF-8 bytes: `btoa` alone throws where a character lies above U+00FF. */
export const base64Of = (text: string): string => {
  let bytes = ""
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return btoa(bytes)
}

/** The text of such base64; null where the bytes are no UTF-8. */
export const textOfBase64 = (base64: string): string | null => {
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
