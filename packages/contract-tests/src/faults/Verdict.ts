import { isDeepStrictEqual } from "node:util"
import { AdapterError, type Execution } from "@execlog/core"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { shown } from "../kit/ContractViolation.js"
import { connectionName } from "../kit/Subject.js"
import { type Expected, type Failure, type Fault, type Target, transport } from "./Fault.js"
import { keyIn } from "./KeySearch.js"
import type { Observation } from "./Trial.js"

/** The outcome of a fault for the table, or what is wrong with it. */
export type Verdict =
  | { readonly isSound: true; readonly outcome: string }
  | { readonly isSound: false; readonly complaints: ReadonlyArray<string> }

/** Compares the observed outcome with the expected one. */
export const judge = (target: Target, fault: Fault, observed: Observation): Verdict => {
  const always = [
    ...leaks(fault, observed),
    ...observed.left,
    ...strays(observed),
    ...lateness(fault, observed),
  ]
  const due = fault.expected.map((expected) => (isLeftOut(target, expected) ? leftOut : expected))
  const tried = due.map((expected) => ({
    expected,
    complaints: complaintsOf(target, expected, observed),
  }))
  const met = tried.find(({ complaints }) => complaints.length === 0)
  return met !== undefined && always.length === 0
    ? { isSound: true, outcome: outcomeOf(target, met.expected) }
    : {
        isSound: false,
        complaints: [
          ...always,
          ...(met === undefined ? tried.flatMap(({ complaints }) => complaints) : []),
        ],
      }
}

/** A failed join: the list is returned without it, with a warning. */
const leftOut = { kind: "left out" } as const

type Due = Expected | typeof leftOut

const isLeftOut = ({ join, isNeeded }: Target, expected: Expected): boolean =>
  join !== null &&
  isNeeded !== true &&
  expected.kind === "failed" &&
  ofJoinAlone.has(expected.reason)

const ofJoinAlone: ReadonlySet<Failure["reason"]> = new Set([
  "Permission",
  "NotFound",
  "InvalidQuery",
  "Unavailable",
  "TooLarge",
  "Decode",
])

const outcomeOf = ({ list }: Target, expected: Due): string => {
  switch (expected.kind) {
    case "left out":
      return "left out, with a warning"
    case "recovered":
      return "recovered"
    case "given":
      return "given"
    case "rejected":
      return list === null ? "Decode" : "item rejected"
    case "all rejected":
      return list === null ? "Decode" : "items rejected"
    case "failed":
      return expected.reason
  }
}

/** No outcome may show the key. */
const leaks = (fault: Fault, observed: Observation): ReadonlyArray<string> => {
  const { executions, rejected, warnings, said } = observed
  const places = {
    executions,
    // The provider's raw data may repeat the key.
    "the rejected items": rejected.map(({ raw: _, ...rest }) => rest),
    warnings,
    "the error": errorOf(observed),
    "log, spans, console or cursors": said,
  }
  return Object.entries(places).flatMap(([what, value]) => {
    const leak = keyIn(value)
    return leak === null ? [] : [`The key is in ${what} after ${fault.name}: …${leak}`]
  })
}

const strays = ({ strayed }: Observation): ReadonlyArray<string> =>
  strayed === 0 ? [] : [`${strayed} requests went to another origin.`]

const lateness = ({ transport: own }: Fault, { elapsedMs }: Observation): ReadonlyArray<string> => {
  const deadlineMs = own?.deadlineMs ?? transport.deadlineMs
  return elapsedMs <= deadlineMs ? [] : [`It took ${elapsedMs} ms of ${deadlineMs} ms.`]
}

const errorOf = ({ exit }: Observation): unknown =>
  Exit.isSuccess(exit)
    ? null
    : Option.getOrElse(Cause.findErrorOption(exit.cause), () => new Error(Cause.pretty(exit.cause)))

const complaintsOf = (
  target: Target,
  expected: Due,
  observed: Observation,
): ReadonlyArray<string> => {
  const error = errorOf(observed)
  if (expected.kind === "failed") return failureComplaints(target, expected, observed, error)
  if (target.list === null && (expected.kind === "rejected" || expected.kind === "all rejected")) {
    const decode: Failure = {
      kind: "failed",
      reason: "Decode",
      hint: "check_base_url",
      requests: 1,
    }
    return failureComplaints(target, decode, observed, error)
  }
  const failed = error === null ? [] : [`It failed with ${shown(error)}.`]
  return [...failed, ...readingComplaints(target, expected, observed)]
}

const readingComplaints = (
  target: Target,
  expected: Exclude<Due, Failure>,
  { executions, rejected, warnings, elapsedMs }: Observation,
): ReadonlyArray<string> => {
  const { ids, victim } = target
  const given = executions.map(({ id }) => id)
  const rejections = rejected.map(({ reason }) => reason)
  switch (expected.kind) {
    case "left out":
      return [
        ...differences(ids, given),
        ...(warnings.some(({ subject }) => subject?.name === target.route)
          ? []
          : [`No warning names ${target.route}: ${shown(warnings)}.`]),
      ]
    case "recovered":
      return [
        ...differences(ids, given),
        ...(rejected.length === 0 ? [] : [`Rejected: ${shown(rejections)}.`]),
        ...(elapsedMs >= (expected.waitedMs ?? 0) ? [] : [`It waited only ${elapsedMs} ms.`]),
      ]
    case "given": {
      const { idOf = (id) => id, isOfAll = false, check = () => null } = expected
      const id = idOf(victim, target)
      const found = executions.find((execution: Execution) => execution.id === id)
      const complaint = found === undefined ? null : check(found)
      return [
        ...differences(
          ids.map((other) => (isOfAll || other === victim ? idOf(other, target) : other)),
          given,
        ),
        ...(rejected.length === 0 ? [] : [`Rejected: ${shown(rejections)}.`]),
        ...(complaint === null ? [] : [complaint]),
        ...(isUntouched(target, found) ? ["The fault did not occur."] : []),
      ]
    }
    case "rejected": {
      // An execution of several events may still be returned from the other events.
      const others = ids.filter((id) => id !== victim)
      return [
        ...differences(
          others,
          given.filter((id) => id !== victim || target.items.length === 1),
        ),
        ...(rejected.length === 1 ? [] : [`${rejected.length} items were rejected.`]),
        ...(rejections.every((reason) => reason.length > 3) ? [] : ["A rejection has no reason."]),
      ]
    }
    case "all rejected": {
      const distinct = new Set(rejected.map(({ raw }) => JSON.stringify(raw))).size
      return [
        ...(given.length === 0 ? [] : [`${given.length} executions were returned.`]),
        ...(distinct === rejected.length ? [] : ["An item was rejected twice."]),
        ...(distinct >= ids.length ? [] : [`Only ${distinct} items were rejected.`]),
      ]
    }
  }
}

/** Whether an execution is unaffected by the fault. */
const isUntouched = ({ items }: Target, execution: Execution | undefined): boolean =>
  isDeepStrictEqual(execution?.raw, items[0]) || isDeepStrictEqual(execution?.raw, items)

const differences = (
  expected: ReadonlyArray<string>,
  given: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const lost = expected.filter((id) => !given.includes(id))
  const strange = given.filter((id) => !expected.includes(id))
  const twice = given.filter((id, index) => given.indexOf(id) !== index)
  return [
    ...(lost.length === 0 ? [] : [`${lost.length} lost: ${shown(lost)}.`]),
    ...(strange.length === 0 ? [] : [`Not expected: ${shown(strange)}.`]),
    ...(twice.length === 0 ? [] : [`Duplicates: ${shown(twice)}.`]),
  ]
}

const failureComplaints = (
  target: Target,
  expected: Failure,
  { requests, executions, elapsedMs }: Observation,
  error: unknown,
): ReadonlyArray<string> => {
  if (!AdapterError.is(error)) return [`A failure was expected, not ${shown(error ?? "success")}.`]
  const { list, connection, route, ids } = target
  const operation = list === null ? "get" : "list"
  const complaints: Array<string> = []
  const check = (holds: boolean, what: string) => {
    if (!holds) complaints.push(what)
  }
  check(error.reason === expected.reason, `The reason is not ${expected.reason}`)
  if (expected.status !== undefined) {
    check(error.status === expected.status, `The status is not ${expected.status}`)
  }
  check(
    error.provider === connection.provider &&
      error.connection === connectionName &&
      error.operation === operation,
    "It lacks the provider, the connection or the operation",
  )
  check(error.message.includes(connection.title), `The message does not name ${connection.title}`)
  check(
    askedFor(target).some((asked) => error.message.includes(asked)),
    `The message does not name the request (${route})`,
  )
  check(error.hint?.code === expected.hint, `The hint is not ${expected.hint}`)
  check(error.hint?.text !== "", "The hint has no text")
  if (expected.says !== undefined) {
    check(
      error.providerMessage?.startsWith(expected.says) === true,
      `The provider's message is not ${expected.says}`,
    )
  }
  if (expected.retryAfterMs !== undefined) {
    check(error.retryAfterMs === expected.retryAfterMs, "retryAfterMs is wrong")
  }
  if (expected.afterMs !== undefined) {
    check(elapsedMs === expected.afterMs, `It took ${elapsedMs} ms, not ${expected.afterMs}`)
  }
  if (expected.requests !== undefined) {
    const most = expected.requests + (list === null ? 0 : searchingFor(expected.reason))
    check(
      requests >= expected.requests && requests <= most,
      `It took ${requests} requests, not ${expected.requests} to ${most}`,
    )
  }
  const given = executions.map(({ id }) => id)
  const strange = given.filter((id, index) => !ids.includes(id) || given.indexOf(id) !== index)
  check(strange.length === 0, `Returned before it failed: ${shown(strange)}`)
  return complaints.length === 0 ? [] : [...complaints, shown(error)]
}

/**
 * How many more requests a failing page may cost: two to see whether the server is up, and, if it is,
 * more to find the item that breaks the page.
 */
const searchingFor = (reason: Failure["reason"]): number => {
  if (reason === "Unavailable" || reason === "TooLarge") return 3
  return reason === "Decode" ? 30 : 0
}

/** The names of the request: its route, the route with the id, or the execution. */
const askedFor = ({ route, victim, list }: Target): ReadonlyArray<string> => {
  const id = list === null ? victim : encodeURIComponent(list.query.workflowId ?? "")
  const filled = route.replace(/\{\w+\}/, id)
  return list === null ? [route, filled, `execution ${victim}`] : [route, filled]
}
