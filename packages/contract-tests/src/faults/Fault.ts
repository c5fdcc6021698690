import type { AdapterErrorReason, Execution, HintCode, Json, LogQuery } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { JoinUse } from "../kit/JoinExchanges.js"
import type { ParameterizedRequest } from "../kit/RequestParameters.js"
import type { Answer, Reply } from "./FaultProxy.js"

/** An endpoint to test with faults. */
export interface Target {
  /** Its route for messages: `GET /logs`. */
  readonly route: string
  /** Has no join, or only the tested one. */
  readonly connection: Connection
  /** The index of the first request to break; in a list, one after the first page. */
  readonly firstBroken: number
  /** The join to break; null to break the list or `get` itself. */
  readonly join: JoinUse | null
  readonly statuses: Connection["statuses"]
  /** The list endpoint and the query that selects it; null for `get`. */
  readonly list: {
    readonly endpoint: Connection["list"]
    readonly query: LogQuery
    /** The provider's first response. */
    readonly firstBody: Json
  } | null
  /** The ids of all its executions. */
  readonly ids: ReadonlyArray<string>
  /** The execution damaged by faults of one item. */
  readonly victim: string
  /** Its items as the provider sends them; its events, if the list has events. */
  readonly items: readonly [Json, ...ReadonlyArray<Json>]
}

/** A request, as a fault sees it. */
export interface Situation {
  readonly target: Target
  /** 0 for the first request to break, negative before it. */
  readonly turn: number
  /** Path and query. */
  readonly path: string
  /** All requests so far, including this one. */
  readonly requests: ReadonlyArray<ParameterizedRequest>
  /** The time of the test clock, in milliseconds. */
  readonly now: number
  /** The key, in the forms that a server may repeat. */
  readonly echo: string
  /** Another origin, which must receive no request. */
  readonly otherOrigin: string
  /** The provider's response to this request, or to another one. */
  readonly provided: (request?: ParameterizedRequest) => Promise<Answer>
}

/** The expected outcome of a fault. */
export type Expected =
  /** Every execution exactly once, after waiting at least `waitedMs`. */
  | { readonly kind: "recovered"; readonly waitedMs?: number }
  /** Every execution exactly once, and `check` finds nothing wrong with the victim. */
  | {
      readonly kind: "given"
      /** Its id, if the fault changes it. */
      readonly idOf?: (id: string, target: Target) => string
      /** The ids of all others change too. */
      readonly isOfAll?: true
      readonly check?: (execution: Execution) => string | null
    }
  /** The victim's item is rejected, all others are returned. For `get`, a Decode error. */
  | { readonly kind: "rejected" }
  /** Every item is rejected, once. For `get`, a Decode error. */
  | { readonly kind: "all rejected" }
  | Failure

/** One AdapterError. */
export interface Failure {
  readonly kind: "failed"
  readonly reason: AdapterErrorReason
  readonly status?: number
  readonly hint: HintCode
  /** The beginning of the provider's own message. */
  readonly says?: string
  readonly retryAfterMs?: number
  /** The exact duration of all calls. */
  readonly afterMs?: number
  /** The exact number of broken requests; in a list, without the search for a broken item. */
  readonly requests?: number
}

/** A failure of a server, and its expected outcome. */
export interface Fault {
  /** Its name in docs/faults.md. */
  readonly name: string
  /** Why it does not apply to an endpoint; null if it does. */
  readonly doesNotApply?: (target: Target) => string | null
  /** Whether the port accepts the connection of a request. Default: it does. */
  readonly isListening?: (turn: number) => boolean
  readonly reply: (situation: Situation) => Promise<Reply>
  readonly transport?: { readonly [Name in keyof typeof transport]?: number }
  /** The outcomes that are accepted. */
  readonly expected: ReadonlyArray<Expected>
}

/** Faults of one kind, with their heading in docs/faults.md. */
export interface FaultGroup {
  readonly title: string
  readonly faults: ReadonlyArray<Fault>
}

/** The transport settings of each trial, unless a fault overrides them. */
export const transport = {
  timeoutMs: 2000,
  deadlineMs: 15_000,
  retries: 4,
  maxBodyBytes: 1024 * 1024,
} as const

/** Passes the provider's response on. */
export const passOn = async (situation: Situation): Promise<Reply> => ({
  kind: "whole",
  answer: await situation.provided(),
})

/** Breaks the first `count` requests and passes the others on. */
export const times =
  (count: number, reply: Fault["reply"]): Fault["reply"] =>
  (situation) =>
    situation.turn >= 0 && situation.turn < count ? reply(situation) : passOn(situation)

/** Breaks every request from the first broken one on. */
export const always = (reply: Fault["reply"]): Fault["reply"] =>
  times(Number.POSITIVE_INFINITY, reply)

/** Sends another response instead of the provider's. */
export const answering =
  (answer: (situation: Situation) => Answer | Promise<Answer>): Fault["reply"] =>
  async (situation) => ({ kind: "whole", answer: await answer(situation) })
