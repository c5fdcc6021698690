import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type AdapterError, errorWith } from "../model/AdapterError.js"
import type { Change } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import { getsAtOnce } from "../reading/GetRequests.js"
import { runCheck } from "../reading/ReadOptions.js"
import { sharing } from "../transport/AnswerShare.js"
import { makeFirstReports } from "./FirstReports.js"
import { type FollowOptions, checkFollow } from "./FollowOptions.js"
import { omittedQueries, openQueries } from "./OpenQueries.js"
import { type Followed, poll, type Polling } from "./Poll.js"
import { makeTracked } from "./Tracked.js"

/** Polls repeatedly, and gives each execution that appears or whose status changes. */
export const followChanges = (
  reader: Followed,
  query: LogQuery = {},
  options: FollowOptions = {},
): Stream.Stream<Change, AdapterError> =>
  Effect.map(preparePolling(reader, query, options), (polling) => {
    const begin: { readonly wait: number; readonly failure: AdapterError | null } = {
      wait: 0,
      failure: null,
    }
    return Stream.paginate(
      begin,
      Effect.fnUntraced(function* ({ wait, failure }) {
        if (failure !== null) return yield* failure
        yield* Effect.sleep(wait)
        const found = yield* poll(polling)
        const next = { wait: polling.options.intervalMs, failure: found.failure }
        return [found.changes, Option.some(next)] as const
      }),
    )
  }).pipe(Stream.unwrap)

/** Checks the call and plans its queries, before the first poll. */
const preparePolling = Effect.fnUntraced(function* (
  reader: Followed,
  query: LogQuery,
  given: FollowOptions,
) {
  const { provider, name: connection } = reader
  const now = yield* Clock.currentTimeMillis
  const options = yield* Effect.mapError(
    runCheck(() => checkFollow(query, given, now)),
    (error) => errorWith(error, { provider, connection }),
  )
  const { listQuery, since, staleAfterMs } = options
  const plan = yield* reader.explain(listQuery)
  const omitted = yield* omittedQueries(reader.explain, plan.omits, listQuery)
  const open = yield* openQueries(reader.explain, listQuery, reader.statuses)
  const polling: Polling = {
    reader: { ...reader, get: sharing(getsAtOnce, reader.get) },
    options,
    plan,
    openAtFirst: open.queries,
    unasked: open.unasked,
    omitted,
    tracked: makeTracked({ since, staleAfterMs, keepsTerminal: plan.lists === "events" }),
    reports: makeFirstReports(given),
    isFirst: true,
    head: since,
  }
  return polling
})
