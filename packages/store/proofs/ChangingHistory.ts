import type { ExecutionStatus } from "@execlog/core"
import type { Randomness } from "@execlog/simulator"
import type { Outcome, Provider, Providers } from "./Providers.js"

/** A state that an execution took, and when. */
interface State {
  readonly status: ExecutionStatus
  readonly since: number
}

/** The true state of an execution. Times are milliseconds since 1970. */
export interface Truth {
  readonly id: string
  /** In their order; the last one stands. */
  readonly states: Array<State>
  /** No adapter can read it. */
  readonly isBroken: boolean
  deletedAt: number | null
}

/** A provider's history, which changes when it is told to. */
export interface ChangingHistory {
  readonly provider: Provider
  readonly all: () => Iterable<Truth>
  readonly of: (id: string) => Truth | undefined
  /** Makes one random change. */
  readonly change: () => void
}

const minute = 60_000
const days = 2 * 24 * 60 * minute

/** Fills a provider with so many executions of the last two days, and changes them by chance. */
export const changingHistory = (
  providers: Providers,
  provider: Provider,
  random: Randomness,
  executions: number,
): ChangingHistory => {
  const all = new Map<string, Truth>()
  const there = (isWanted: (truth: Truth) => boolean): Truth | undefined =>
    random.pick([...all.values()].filter((truth) => truth.deletedAt === null && isWanted(truth)))
  const outcome = (): Outcome => (random.chance(0.3) ? "failed" : "succeeded")
  const take = (truth: Truth, status: ExecutionStatus) =>
    truth.states.push({ status, since: Date.now() })

  const insert = (startedAt: number, isRunning: boolean): void => {
    const made = {
      startedAt,
      finishedAt: isRunning ? null : Math.min(Date.now(), startedAt + random.below(30_000)),
      outcome: outcome(),
    }
    const id = provider.insert(made)
    const isBroken = random.chance(0.01)
    if (isBroken) providers.break(id)
    const status = isRunning ? "running" : made.outcome
    const states = [{ status, since: Date.now() }] satisfies Array<State>
    all.set(id, { id, states, isBroken, deletedAt: null })
  }
  const finish = (): void => {
    const truth = there((one) => statusOf(one) === "running" && !one.isBroken)
    if (truth === undefined) return
    const end = outcome()
    provider.finish(truth.id, end)
    take(truth, end)
  }
  const remove = (): void => {
    const truth = there(() => true)
    if (truth === undefined) return
    provider.delete(truth.id)
    truth.deletedAt = Date.now()
  }
  const retry = (): void => {
    // Most lie below what a sync reads again: it is asked for by its id.
    const truth = there((one) => statusOf(one) === "failed" && !one.isBroken)
    if (truth === undefined) return
    provider.retry?.(truth.id)
    take(truth, "waiting")
  }
  const resume = (): void => {
    const truth = there((one) => statusOf(one) === "waiting")
    if (truth === undefined) return
    provider.resume?.(truth.id)
    take(truth, "running")
  }
  const late = () => Date.now() - random.below(50_000)

  const oldest = Date.now() - days
  for (let place = 0; place < executions; place++) {
    insert(oldest + Math.floor(((place + random.next()) / executions) * days), random.chance(0.03))
  }
  const changes: ReadonlyArray<readonly [share: number, change: () => void]> = [
    [0.35, () => insert(Date.now(), random.chance(0.5))],
    // Of two events that are both late, a walk may come between: that is no state it was in.
    [0.15, () => insert(late(), provider.itemsOfOne > 1 || random.chance(0.5))],
    [0.3, finish],
    [0.08, remove],
    [0.06, provider.retry === null ? finish : retry],
    [0.06, provider.resume === null ? finish : resume],
  ]
  return {
    provider,
    all: () => all.values(),
    of: (id) => all.get(id),
    change: () => {
      let roll = random.next()
      for (const [share, change] of changes) {
        roll -= share
        if (roll < 0) return change()
      }
    },
  }
}

export const statusOf = ({ states }: Truth): ExecutionStatus => states.at(-1)?.status ?? "unknown"

/** Changes histories at random instants, until it is disposed of. */
export const changing = (
  histories: ReadonlyArray<ChangingHistory>,
  random: Randomness,
): Disposable => {
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    timer = setTimeout(() => {
      random.pick(histories)?.change()
      next()
    }, random.below(longestPauseMs))
  }
  next()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

const longestPauseMs = 40
