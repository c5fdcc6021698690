import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { AdapterError, type AdapterErrorReason } from "../model/AdapterError.js"
import { textOf, withoutPromise } from "../model/DecodeFault.js"
import type { Connection, ListEndpoint } from "./Connection.js"
import type { FinishBounds, StartBounds, TimeBounds } from "./TimeAxis.js"

/**
 * Guards the functions of an adapter that build a request or a plan: if one throws, the call fails
 * with an AdapterError that names the adapter and the function. Functions for items are guarded
 * where the items are read, and cost only the item.
 */
export const guardConnection = (connection: Connection): Connection => {
  const { provider, detail, get } = connection
  const guard = guardOf(provider)
  return {
    ...connection,
    auth: guardSecret(provider, "auth", connection.auth),
    secrets: guardSecret(provider, "secrets", connection.secrets),
    list: guardList(guard, connection.list),
    detail:
      detail === null
        ? null
        : { ...guardList(guard, detail), when: guard("detail.when", detail.when) },
    get:
      get === null
        ? null
        : {
            ...get,
            request: guard("get.request", get.request, aRequest),
            checkId: guard("get.checkId", get.checkId),
          },
  }
}

/** The expected result of a function; an adapter in plain JavaScript may return anything. */
interface Expected {
  readonly what: string
  readonly fits: (value: unknown) => boolean
}

type Guard = <Args extends ReadonlyArray<unknown>, A>(
  name: string,
  call: (...args: Args) => A,
  expected?: Expected,
) => (...args: Args) => A

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
const anObject: Expected = { what: "object", fits: isObject }
const aRequest: Expected = {
  what: "request with a method and a path",
  fits: (value) =>
    isObject(value) &&
    "method" in value &&
    typeof value.method === "string" &&
    "path" in value &&
    typeof value.path === "string",
}

const guardList = (guard: Guard, list: ListEndpoint): ListEndpoint => {
  const { name, time, byIds, joins, within } = list
  const bound = (of: string, call: TimeBounds["after"]): TimeBounds["after"] =>
    call === null ? null : guard(`${name}.time.${of}`, call, anObject)
  const bounds = <Bounds extends StartBounds | FinishBounds>(
    of: string,
    both: Bounds | null | undefined,
  ) =>
    both === null || both === undefined
      ? null
      : {
          ...both,
          after: bound(`${of}.after`, both.after),
          before: bound(`${of}.before`, both.before),
        }
  return {
    ...list,
    answer: guard(`${name}.filters`, list.answer, anObject),
    request: guard(`${name}.request`, list.request, aRequest),
    time: {
      ...time,
      before: bound("before", time.before),
      after: bound("after", time.after),
      start: bounds("start", time.start),
      finish: bounds("finish", time.finish),
    },
    byIds:
      byIds === null || byIds === undefined
        ? null
        : { ...byIds, params: guard(`${name}.byIds`, byIds.params, anObject) },
    within:
      within === null || within === undefined
        ? null
        : { ...within, when: guard(`${name}.within.when`, within.when) },
    joins: joins.map((use) => ({
      ...use,
      when: guard(`${name}.joins.${use.name}.when`, use.when),
      join: {
        ...use.join,
        request: guard(`joins.${use.name}.request`, use.join.request, aRequest),
      },
    })),
  }
}

/** Guards functions of an adapter; errors name the adapter and the function. */
export const guardOf =
  (provider: string, reason?: AdapterErrorReason): Guard =>
  (name, call, expected) =>
  (...args) => {
    try {
      const given = withoutPromise(call(...args))
      if (expected?.fits(given) !== false) return given
    } catch (error) {
      throw adapterFault(provider, name, error, reason)
    }
    throw adapterFault(provider, name, `it returned no ${expected?.what}`, reason)
  }

/**
 * The same for functions that handle secrets: an error they throw may contain one, so only its name
 * is shown.
 */
const guardSecret =
  <A>(provider: string, name: string, call: () => A) =>
  (): A => {
    try {
      return withoutPromise(call())
    } catch (error) {
      const what = error instanceof Error ? error.name : typeof error
      throw adapterFault(provider, name, what, "InvalidSettings")
    }
  }

/** An error that names the adapter and its function. An AdapterError is returned unchanged. */
const adapterFault = (
  provider: string,
  name: string,
  thrown: unknown,
  reason: AdapterErrorReason = "Decode",
): AdapterError =>
  AdapterError.is(thrown)
    ? thrown
    : new AdapterError({
        reason,
        message: `The adapter "${provider}" failed in ${name}: ${textOf(thrown)}.`,
        provider,
        operation: name,
        hint: "report",
      })

/**
 * Turns an AdapterError that an adapter's function threw on the way into a failure of the effect.
 */
export const failingByFaults = <A, R>(
  effect: Effect.Effect<A, AdapterError, R>,
  fail: (error: AdapterError) => AdapterError,
): Effect.Effect<A, AdapterError, R> =>
  Effect.catchCause(effect, (cause) => {
    const [fault] = cause.reasons.flatMap((reason) =>
      Cause.isDieReason(reason) && AdapterError.is(reason.defect) ? [reason.defect] : [],
    )
    return fault === undefined ? Effect.failCause(cause) : Effect.fail(fail(fault))
  })
