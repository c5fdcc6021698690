/** The repetitions of several measurements, by name. A measuring process prints them as JSON. */
export type Samples = ReadonlyMap<string, ReadonlyArray<number>>

/** The repetitions of one measurement. Throws where there are none. */
export const samplesOf = (samples: Samples, name: string): ReadonlyArray<number> => {
  const found = samples.get(name)
  if (found === undefined || found.length === 0) throw new Error(`Nothing was measured as ${name}.`)
  return found
}

/** Prints samples for the process that waits for them. */
export const printSamples = (samples: Samples): void => {
  process.stdout.write(`${JSON.stringify([...samples])}\n`)
}

/** Reads what {@link printSamples} printed. */
export const readSamples = (text: string): Samples => {
  const entries: unknown = JSON.parse(text)
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new TypeError(`A measuring process printed no samples: ${text.slice(0, 200)}`)
  }
  return new Map(entries)
}

const isEntry = (entry: unknown): entry is [string, Array<number>] =>
  Array.isArray(entry) &&
  typeof entry[0] === "string" &&
  Array.isArray(entry[1]) &&
  entry[1].every((sample) => typeof sample === "number")
