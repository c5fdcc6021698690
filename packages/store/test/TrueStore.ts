import { type Execution, isTerminal } from "@execlog/core"
import fc from "fast-check"
import { vi } from "vitest"
import { execution, page, scripted } from "./ScriptedClient.js"
import { now } from "./StandingClock.js"
import { kept, type OpenedStore } from "./StoreOf.js"

/** How a provider lists: by numbers, without what is unfinished; or by when it was due, all of it. */
export type Listing = "numbers" | "times"

interface Deed {
  readonly what: "start" | "wait" | "plan" | "finish" | "fail" | "vanish" | "delete" | "retry"
  /** Which of those that it can be done to. */
  readonly which: number
}

/** Events at a provider between its syncs. */
export type Story = ReadonlyArray<ReadonlyArray<Deed>>

const deeds = ["start", "wait", "plan", "finish", "fail", "vanish", "delete", "retry"] as const

export const anyStory: fc.Arbitrary<Story> = fc.array(
  fc.array(fc.record({ what: fc.constantFrom(...deeds), which: fc.nat({ max: 30 }) }), {
    minLength: 1,
    maxLength: 6,
  }),
  { minLength: 1, maxLength: 5 },
)

const hour = 3_600_000

/** A provider to which such things happen. */
const makeProvider = (listing: Listing, name: string) => {
  const all = new Map<string, Execution>()
  let last = 0
  const insert = (status: Execution["status"]): void => {
    last += 1
    const at = new Date(Date.now() + (status === "queued" ? 2 * hour : 0) + last)
    const isPlanned = status === "queued"
    all.set(
      String(last),
      execution(String(last), {
        status,
        providerStatus: status,
        startedAt: isPlanned ? null : at,
        scheduledFor: isPlanned ? at : null,
        finishedAt: null,
        durationMs: null,
        listedAt: listing === "numbers" ? null : at,
      }),
    )
  }
  const pick = (which: number, isWanted: (one: Execution) => boolean): Execution | undefined => {
    const found = [...all.values()].filter(isWanted)
    return found[which % Math.max(1, found.length)]
  }
  const become = (one: Execution | undefined, status: Execution["status"]): void => {
    if (one === undefined) return
    const finishedAt = isTerminal(status) ? new Date() : null
    const startedAt = one.startedAt ?? new Date()
    all.set(one.id, {
      ...one,
      status,
      providerStatus: status,
      startedAt,
      finishedAt,
      timestamp: startedAt,
    })
  }
  const isOpen = ({ status }: Execution): boolean => !isTerminal(status)
  const happen = ({ what, which }: Deed): void => {
    switch (what) {
      case "start":
        return insert("running")
      case "wait":
        return insert("waiting")
      case "plan":
        return insert(listing === "times" ? "queued" : "waiting")
      case "finish":
        return become(pick(which, isOpen), "succeeded")
      case "fail":
        return become(pick(which, isOpen), "failed")
      // It ended well, and is not saved.
      case "vanish":
        return void all.delete(pick(which, isOpen)?.id ?? "")
      case "delete":
        return void all.delete(pick(which, () => true)?.id ?? "")
      case "retry":
        if (listing === "times")
          become(
            pick(which, ({ status }) => status === "failed"),
            "running",
          )
    }
  }
  const newestFirst = () =>
    [...all.values()]
      .filter((one) => listing === "times" || !isOpen(one))
      .toSorted((a, b) => Number(b.id) - Number(a.id))
  let highest = 0
  let lowest = Number.POSITIVE_INFINITY
  const client = scripted({
    name,
    reopens: listing === "times",
    listedBy: listing === "numbers" ? "number" : "time",
    pages: (_, { listedSince } = {}) => {
      const listed = newestFirst()
      const shown =
        listedSince === undefined
          ? listed
          : listing === "numbers"
            ? listed.slice(0, 3)
            : listed.filter(({ listedAt }) => Number(listedAt) >= listedSince.getTime())
      highest = Math.max(highest, ...shown.map(({ id }) => Number(id)))
      lowest = Math.min(lowest, ...shown.map(({ id }) => Number(id)))
      return [page(shown, { requestedAt: new Date(), listed: spanOf(shown) })]
    },
    get: (id) => all.get(id) ?? null,
  })
  // Of numbers, what waits above or below all that is listed nobody can know of.
  const known = () =>
    [...all.values()].filter(
      ({ id }) => listing === "times" || (Number(id) >= lowest && Number(id) <= highest),
    )
  return { client, happen, known }
}

/** As core computes it: planned executions do not show how late they are listed. */
const spanOf = (executions: ReadonlyArray<Execution>) => {
  const times = executions.flatMap(({ listedAt, startedAt, finishedAt }) => {
    const at = listedAt ?? startedAt
    const happened = finishedAt ?? startedAt
    return at === null || happened === null ? [] : [Math.min(Number(at), Number(happened))]
  })
  return times.length === 0
    ? { from: null, to: null }
    : { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) }
}

/** Differences between a store and its provider, if each event was followed by a sync. */
export const untruths = async (
  store: OpenedStore,
  listing: Listing,
  name: string,
  story: Story,
): Promise<ReadonlyArray<string>> => {
  const provider = makeProvider(listing, name)
  for (const [round, happening] of story.entries()) {
    vi.setSystemTime(now + (2 * round + 1) * 60_000)
    for (const deed of happening) provider.happen(deed)
    vi.setSystemTime(now + (2 * round + 2) * 60_000)
    await store.sync(provider.client, { onWarning: () => {}, lookBackMs: 0 })
  }
  const found = await kept(store, { planned: true }, { connections: [name] })
  const stored = new Map(found.map((one) => [one.id, one.status]))
  const problems: Array<string> = []
  for (const { id, status } of provider.known()) {
    const kept = stored.get(id)
    if (kept !== status) problems.push(`${id} is ${status}, and stored as ${kept}`)
    stored.delete(id)
  }
  // Deleted executions keep their terminal status; unfinished ones are gone.
  for (const [id, status] of stored) {
    if (!isTerminal(status)) problems.push(`${id} is there no more, and stored as ${status}`)
  }
  return problems
}
