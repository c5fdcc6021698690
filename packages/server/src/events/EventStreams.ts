import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { HttpServerResponse } from "effect/http"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { InvalidRequest, Unavailable } from "../api/Problem.js"
import type { ChangeFeed } from "./ChangeFeed.js"
import { Draining } from "./Draining.js"

/** Answers with server-sent events. */
export class EventStreams extends Context.Service<
  EventStreams,
  {
    /** How many are open. */
    readonly count: Effect.Effect<number>
    /** The changes after a number, or after the id of the last event that a client has received. */
    readonly respond: (
      feed: ChangeFeed["Service"],
      after: string | number | null,
    ) => Effect.Effect<HttpServerResponse.HttpServerResponse, InvalidRequest | Unavailable>
  }
>()("@execlog/server/EventStreams") {
  /** Keeps at most so many open. */
  static layer(most: number): Layer.Layer<EventStreams, never, Draining> {
    return Layer.effect(EventStreams, makeEventStreams(most))
  }
}

// Proxies close a connection that says nothing, and a client that has gone is found by writing to it.
const silence = "15 seconds"

const makeEventStreams = Effect.fnUntraced(function* (most: number) {
  const draining = yield* Draining
  let open = 0
  const counted = Effect.acquireRelease(
    Effect.sync(() => {
      open += 1
    }),
    () =>
      Effect.sync(() => {
        open -= 1
      }),
  )
  return EventStreams.of({
    count: Effect.sync(() => open),
    respond: Effect.fnUntraced(function* (feed, after) {
      const from = typeof after === "string" ? readNumber(after) : after
      if (from === undefined) {
        return yield* new InvalidRequest({
          code: "InvalidQuery",
          detail: "Last-Event-ID is not the id of an event: a whole number.",
          subject: { kind: "header", name: "last-event-id" },
        })
      }
      if (open >= most) {
        return yield* new Unavailable({
          code: "too_many_streams",
          detail: `As many event streams are open as this server keeps: ${most}.`,
        })
      }
      const events = feed
        .after(from)
        .pipe(Stream.map((change) => `id: ${change.number}\ndata: ${JSON.stringify(change)}\n\n`))
      const beats = Stream.map(Stream.fromSchedule(Schedule.spaced(silence)), () => ":\n\n")
      const body = Stream.make("retry: 1000\n\n").pipe(
        Stream.concat(Stream.merge(events, beats)),
        Stream.interruptWhen(Deferred.await(draining)),
        Stream.encodeText,
      )
      // Counted while it is read: the answer to HEAD never is.
      return HttpServerResponse.stream(Stream.unwrap(Effect.as(counted, body)), {
        contentType: "text/event-stream",
        headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
      })
    }),
  })
})

/** The number of an event's id; undefined if it is not one. */
const readNumber = (id: string): number | undefined => {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}
