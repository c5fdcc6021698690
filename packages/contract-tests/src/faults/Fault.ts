import type { AdapterErrorReason, Connection, Execution, Json, LogQuery } from "@execlog/core"
import type { JoinUse } from "../kit/JoinExchanges.js"
import type { ParameterizedRequest } from "../kit/RequestParameters.js"
import type { Answer, Reply } from "./FaultProxy.js"

/** An endpoint on which faults are tried. */
export interface Target {
  /** For a person: `GET /logs`. */
  readonly route: string
  /** Joins nothing, or only what faults are tried on. */
  readonly connection: Connection
  /** The first request that may go wrong, from 0: after something was given, where it is a list. */
  readonly firstBroken: number
  /** The join that goes wrong; null where the list or `get` itself does. */
  readonly join: JoinUse | null
  readonly statuses: Connection["statuses"]
  /** The list endpoint and the query that leads to it; null for `get`. */
  readonly list: {
    readonly endpoint: Connection["list"]
    readonly query: LogQuery
    /** What the provider answers first. */
    readonly firstBody: Json
  } | null
  /** The ids of all executions that it gives. */
  readonly ids: ReadonlyArray<string>
  /** The execution that faults of one item befall. */
  readonly victim: string
  /** Its items as the provider sends them: events, where those are folded. */
  readonly items: readonly [Json, ...ReadonlyArray<Json>]
}

/** What a fault sees of a request. */
export interface Situation {
  readonly target: Target
  /** 0 for the first request that is to go wrong, less for those before. */
  readonly turn: number
  /** Path and query. */
  readonly path: string
  /** The paths, queries and bodies of all requests so far, this one the last. */
  readonly asked: ReadonlyArray<ParameterizedRequest>
  /** The instant at which the test's clock stands, in milliseconds. */
  readonly now: number
  /** The key, and the forms of it that a server may repeat. */
  readonly echo: string
  /** Another origin, which must never be asked. */
  readonly otherOrigin: string
  /** What the provider answers to this request, or to one with another path, query and body. */
  readonly provided: (request?: ParameterizedRequest) => Promise<Answer>
}

/** What is to come of a fault. */
export type Expected =
  /** Every execution exactly once, and the calls waited at least so long. */
  | { readonly kind: "recovered"; readonly waitedMs?: number }
  /** Every execution exactly once, and the victim's as `check` wants it, which else complains. */
  | {
      readonly kind: "given"
      /** The id under which it is given, where that is another. */
      readonly idOf?: (id: string, target: Target) => string
      /** Others are given under other ids too. */
      readonly isOfAll?: true
      readonly check?: (execution: Execution) => string | null
    }
  /** The victim's item is rejected, all other items are given. For `get`, a Decode error. */
  | { readonly kind: "rejected" }
  /** Each item is rejected, each once. For `get`, a Decode error. */
  | { readonly kind: "all rejected" }
  | Failure

/** One AdapterError. */
export interface Failure {
  readonly kind: "failed"
  readonly reason: AdapterErrorReason
  readonly status?: number
  readonly hint: RegExp
  readonly message?: RegExp
  readonly retryAfterMs?: number
  /** How long the calls took in all, exactly. */
  readonly afterMs?: number
  /** How many requests the fault broke, exactly; of a list, before what breaks its page was looked for. */
  readonly requests?: number
}

/** What a server may do wrong, and what is to come of it. */
export interface Fault {
  /** In users' words. */
  readonly name: string
  /** Why it cannot befall an endpoint; null when it can. */
  readonly doesNotApply?: (target: Target) => string | null
  /** Whether the port takes the connection of a request; it does where nothing is said. */
  readonly isListening?: (turn: number) => boolean
  readonly reply: (situation: Situation) => Promise<Reply>
  readonly transport?: { readonly [Name in keyof typeof transport]?: number }
  /** One of these. */
  readonly expected: ReadonlyArray<Expected>
}

/** Faults of one kind, under the heading that they have in the table. */
export interface FaultGroup {
  readonly title: string
  readonly faults: ReadonlyArray<Fault>
}

/** What the transport of each trial is set to, where a fault does not say otherwise. */
export const transport = {
  timeoutMs: 2000,
  deadlineMs: 15_000,
  retries: 4,
  maxBodyBytes: 1024 * 1024,
} as const

/** Passes the provider's answer on. */
export const passOn = async (situation: Situation): Promise<Reply> => ({
  kind: "whole",
  answer: await situation.provided(),
})

/** Breaks so many requests, and passes the others on. */
export const times =
  (count: number, reply: Fault["reply"]): Fault["reply"] =>
  (situation) =>
    situation.turn >= 0 && situation.turn < count ? reply(situation) : passOn(situation)

/** Breaks every request from the first that is to go wrong. */
export const always = (reply: Fault["reply"]): Fault["reply"] =>
  times(Number.POSITIVE_INFINITY, reply)

/** Sends an answer in place of the provider's. */
export const answering =
  (answer: (situation: Situation) => Answer | Promise<Answer>): Fault["reply"] =>
  async (situation) => ({ kind: "whole", answer: await answer(situation) })
