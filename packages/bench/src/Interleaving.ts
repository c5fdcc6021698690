import type { Samples } from "./Samples.ts"

/** One of several ways to do the same work. */
export interface Contestant {
  readonly name: string
  /** Does the work once. */
  readonly run: () => unknown
}

/** The duration of one run, in milliseconds. */
interface Cost {
  readonly elapsed: number
  /** Of all threads of this process. */
  readonly processor: number
}

/**
 * Runs contestants by turns, A B, B A, …, after a run of each to warm up, so that whatever else the
 * machine does falls on all of them alike. Samples are named `A` and `A/processor`.
 */
export const interleave = async (
  contestants: ReadonlyArray<Contestant>,
  repetitions: number,
): Promise<Samples> => {
  const samples = new Map<string, Array<number>>()
  const add = (name: string, sample: number): void => {
    const taken = samples.get(name)
    if (taken === undefined) samples.set(name, [sample])
    else taken.push(sample)
  }
  for (const { run } of contestants) await run()
  for (let repetition = 0; repetition < repetitions; repetition++) {
    // The order rotates, because each run is affected by the heap of the one before.
    const first = repetition % contestants.length
    for (const { name, run } of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const { elapsed, processor } = await measure(run)
      add(name, elapsed)
      add(`${name}/processor`, processor)
    }
  }
  return samples
}

const measure = async (run: () => unknown): Promise<Cost> => {
  // Collects the garbage of the previous run, so that this one does not pay for it.
  globalThis.gc?.()
  const processorBefore = process.cpuUsage()
  const start = performance.now()
  await run()
  const elapsed = performance.now() - start
  const { user, system } = process.cpuUsage(processorBefore)
  return { elapsed, processor: (user + system) / 1000 }
}
