const uuidPattern = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i

/** A UUID as the server writes it, from one without dashes or in upper case too; null for anything else. */
export const uuidIn = (value: unknown): string | null => {
  const found = typeof value === "string" ? uuidPattern.exec(value) : null
  return found === null ? null : found.slice(1).join("-").toLowerCase()
}
