/** A row does not contain what was written: the file was altered or has decayed. */
export class DamagedRow extends Error {
  override readonly name = "DamagedRow"
}

/** The JSON of a column. Throws a {@link DamagedRow} that names `what`. */
export const keptJson = <A>(
  text: string,
  what: string,
  isWhole: (kept: unknown) => kept is A,
): A => {
  const kept = jsonOrNothing(text)
  if (isWhole(kept)) return kept
  throw new DamagedRow(`${what} cannot be read`)
}

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The result of reading; null if the row is damaged. */
export const unlessDamaged = <A>(read: () => A): A | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof DamagedRow) return null
    throw error
  }
}
