import type { SyncClient, SyncWarning } from "../src/index.js"
import { type SimulatedHistory, sources, startEmpty } from "./Providers.js"
import { now } from "./StandingClock.js"

/** An empty history of a provider, in a simulator of its own. */
export const historyOf = async (name: (typeof sources)[number]["name"]) => {
  const source = sources.find((one) => one.name === name)
  if (source === undefined) throw new Error(`There is no ${name}`)
  const simulator = await startEmpty()
  return { simulator, history: source.historyOf(simulator) }
}

/** A client whose pages are small, so that few executions make many. */
export const inPages = (client: SyncClient, pageSize: number): SyncClient => ({
  ...client,
  prepare: (query) => client.prepare({ ...query, pageSize }),
})

/** Adds so many that have ended, the last one a step ago. Gives their ids, the oldest first. */
export const addMany = (
  history: SimulatedHistory,
  count: number,
  stepMs = 60_000,
): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => history.add(now - (count - index) * stepMs))

/** Takes the warnings of a sync. */
export const warnings = () => {
  const texts: Array<string> = []
  return { texts, onWarning: ({ text }: SyncWarning) => void texts.push(text) }
}
