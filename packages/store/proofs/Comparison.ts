import type { ChangingHistory, Truth } from "./ChangingHistory.js"
import { statusOf } from "./ChangingHistory.js"
import type { StoredRow, StoredTables } from "./Stored.js"
import type { WholeSync } from "./SyncProcess.js"

/** Differences between a store and the truth, one per line. `syncs` are the completed ones. */
export const differences = (
  history: ChangingHistory,
  stored: StoredTables,
  syncs: ReadonlyArray<WholeSync>,
): ReadonlyArray<string> => {
  const { name } = history.provider
  const own = syncs.filter((sync) => sync.name === name)
  const rows = Map.groupBy(stored.rows, ({ id }) => id)
  const found: Array<string> = []
  const complain = (id: string, problem: string) => found.push(`${name} ${id} ${problem}`)

  for (const [id, same] of rows) {
    const truth = history.of(id)
    if (truth === undefined) complain(id, "was never there")
    if (truth?.isBroken === true) complain(id, "cannot be read, and is kept")
    if (same.length > 1) complain(id, `is there ${same.length} times`)
  }
  let rejected = stored.rejected
  for (const truth of history.all()) {
    const end = truth.deletedAt ?? Number.POSITIVE_INFINITY
    const born = truth.states[0]?.since ?? 0
    const wasListed = own.some(({ from, to }) => born < from && to < end)
    if (truth.isBroken) {
      const items = rejected.filter((raw) => raw.includes(`"${truth.id}"`))
      rejected = rejected.filter((raw) => !items.includes(raw))
      if (wasListed && items.length === 0) complain(truth.id, "should be among the rejected")
      if (items.length > history.provider.itemsOfOne)
        complain(truth.id, "is rejected more than once")
      continue
    }
    const row = rows.get(truth.id)?.[0]
    if (row === undefined) {
      if (wasListed) complain(truth.id, `is missing; in truth ${described(truth)}`)
      continue
    }
    for (const problem of problemsOf(truth, row, own)) {
      const said = row.changes.map(({ previous, status }) => `${previous}→${status}`).join(", ")
      complain(truth.id, `${problem}; stored ${row.status} (${said}), in truth ${described(truth)}`)
    }
  }
  for (const raw of rejected) found.push(`${name}: wrongly rejected: ${raw}`)
  if (stored.documents !== stored.rows.length) {
    found.push(`${name}: ${stored.rows.length} executions with ${stored.documents} documents`)
  }
  return found
}

const problemsOf = (
  truth: Truth,
  row: StoredRow,
  syncs: ReadonlyArray<WholeSync>,
): ReadonlyArray<string> => {
  const problems: Array<string> = []
  const [first] = row.changes
  const recorded = [
    ...(first === undefined ? [row.status] : first.previous === null ? [] : [first.previous]),
    ...row.changes.map(({ status }) => status),
  ]
  for (const [index, change] of row.changes.entries()) {
    const before = row.changes[index - 1]
    if (index > 0 && change.previous !== before?.status) problems.push("has a broken chain")
  }
  if (recorded.at(-1) !== row.status) problems.push("is not in the state of its last change")
  if (truth.deletedAt === null && row.status !== statusOf(truth)) problems.push("is out of date")

  // The recorded states are a subsequence of the states that it had.
  let place = 0
  const places = recorded.map((status) => {
    const at = truth.states.findIndex((state, index) => index >= place && state.status === status)
    if (at >= 0) place = at + 1
    return at
  })
  if (places.includes(-1)) problems.push("was never in these states in this order")

  const end = truth.deletedAt ?? Number.POSITIVE_INFINITY
  const seen = truth.states.flatMap(({ status, since }, index) => {
    const until = Math.min(truth.states[index + 1]?.since ?? end, end)
    const isSeen = syncs.some(({ from, to }) => since < from && to < until)
    return isSeen ? [status] : []
  })
  // An execution that restarted and ended alike between two syncs has not changed.
  const distinct = seen.filter((status, index) => status !== seen[index - 1])
  if (!isSubsequence(distinct, recorded)) problems.push(`lacks one of ${seen.join(", ")}`)

  // Changes after the end of a sync are new.
  const firstEnd = Math.min(...syncs.map(({ to }) => to))
  const born = truth.states[0]?.since ?? 0
  if (born > firstEnd && first?.previous !== null) problems.push("did not appear")
  if (row.changes.filter(({ previous }) => previous === null).length > 1) {
    problems.push("appeared twice")
  }
  return problems
}

const isSubsequence = (part: ReadonlyArray<string>, whole: ReadonlyArray<string>): boolean => {
  let place = 0
  for (const one of whole) if (one === part[place]) place++
  return place === part.length
}

const described = ({ states, deletedAt }: Truth): string =>
  [...states.map(({ status }) => status), ...(deletedAt === null ? [] : ["deleted"])].join(", ")
