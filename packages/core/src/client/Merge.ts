import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { Execution } from "../model/Execution.js"
import { compareTimestamp } from "../model/ExecutionOrder.js"
import type { Order } from "../model/LogQuery.js"
import type { Entry } from "../reading/MapPage.js"

/** One of several streams that are merged. */
export interface MergeSource {
  readonly entries: Stream.Stream<Entry, AdapterError>
  /** Decides about a failure of this source: the others continue if it succeeds. */
  readonly onFailure: (error: AdapterError) => Effect.Effect<void, AdapterError>
}

/** How far a source was read. */
export interface Reached {
  /** The last entry that was given; null before the first. */
  readonly last: Entry | null
  readonly hasEnded: boolean
}

/** An execution, and how far each source was read by then. */
export interface MergedEntry {
  readonly execution: Execution
  readonly reached: ReadonlyArray<Reached>
}

/** The entries read from a source but not returned yet. */
interface Lane {
  readonly pull: Pull.Pull<readonly [Entry, ...Array<Entry>], AdapterError>
  readonly onFailure: MergeSource["onFailure"]
  readonly index: number
  entries: ReadonlyArray<Entry>
  next: number
  isOpen: boolean
}

/**
 * Merges the executions of several connections by timestamp, then id, reading each only as far as
 * needed. Within a connection, the provider's order is kept.
 */
export const mergeEntries = (
  sources: ReadonlyArray<MergeSource>,
  order: Order = "newest",
): Stream.Stream<MergedEntry, AdapterError> =>
  Effect.map(
    Effect.forEach(sources, ({ entries, onFailure }, index) =>
      Effect.map(Stream.toPull(entries), (pull): Lane => ({
        pull,
        onFailure,
        index,
        entries: [],
        next: 0,
        isOpen: true,
      })),
    ),
    (lanes) => {
      let reached: ReadonlyArray<Reached> = lanes.map(() => ({ last: null, hasEnded: false }))
      const take = (lane: Lane, entry: Entry): MergedEntry => {
        reached = reached.with(lane.index, { last: entry, hasEnded: false })
        return { execution: entry.execution, reached }
      }
      const fill = (lane: Lane): Effect.Effect<void, AdapterError> =>
        Pull.matchEffect(lane.pull, {
          onSuccess: (entries) =>
            Effect.sync(() => {
              lane.entries = entries
              lane.next = 0
            }),
          onDone: () =>
            Effect.sync(() => {
              lane.isOpen = false
              const last = reached[lane.index]?.last ?? null
              reached = reached.with(lane.index, { last, hasEnded: true })
            }),
          // A source that failed stays where it is, and goes on there when the whole is resumed.
          onFailure: (cause) =>
            Effect.failCause(cause).pipe(
              Effect.catch(lane.onFailure),
              Effect.map(() => {
                lane.isOpen = false
              }),
            ),
        })
      const step: Pull.Pull<readonly [MergedEntry, ...Array<MergedEntry>], AdapterError> =
        Effect.suspend(() =>
          Effect.andThen(
            Effect.forEach(lanes.filter(isDry), fill, { concurrency: "unbounded", discard: true }),
            () => {
              const open = lanes.filter(({ isOpen }) => isOpen)
              const [first, ...rest] = takeUntilDry(open, order, take)
              return first === undefined ? Cause.done() : Effect.succeed([first, ...rest] as const)
            },
          ),
        )
      return Stream.fromPull(Effect.succeed(step))
    },
  ).pipe(Stream.unwrap)

const isDry = ({ isOpen, entries, next }: Lane): boolean => isOpen && next >= entries.length

/** The next entries, up to where one of the lanes has to be filled. */
const takeUntilDry = (
  lanes: ReadonlyArray<Lane>,
  order: Order,
  take: (lane: Lane, entry: Entry) => MergedEntry,
): ReadonlyArray<MergedEntry> => {
  const taken: Array<MergedEntry> = []
  for (;;) {
    let best: Lane | null = null
    let head: Entry | null = null
    for (const lane of lanes) {
      const entry = lane.entries[lane.next]
      if (entry === undefined) return taken
      if (head === null || comesBefore(entry, head, order)) {
        best = lane
        head = entry
      }
    }
    if (best === null || head === null) return taken
    best.next += 1
    taken.push(take(best, head))
  }
}

const comesBefore = (a: Entry, b: Entry, order: Order): boolean => {
  const ahead = compareTimestamp(a.execution, b.execution)
  return order === "newest" ? ahead > 0 : ahead < 0
}
