import { isoText } from "../shared/Instant.js"
import { isRecord } from "../shared/Record.js"
import { executionOf } from "./Events.js"
import type { AlloyHistory } from "./History.js"
import { AlloyQueryError } from "./QueryError.js"
import { messageOf, versionOf } from "./Wire.js"

const columns = [
  "message",
  "data.executionId",
  "forgeWorkflowId",
  "createdAt",
  "userId",
  "forgeWorkflow.integrationId._id",
  "workflowVersion",
] as const
const operators = [
  "equals",
  "notequals",
  "greaterthan",
  "lessthan",
  "contains",
  "notcontains",
] as const

type Column = (typeof columns)[number]
type Operator = (typeof operators)[number]

/** One condition of `filters`. All conditions must hold. */
export interface AlloyCondition {
  readonly column: Column
  readonly operator: Operator
  readonly input: string
}

/** The `value` that an object holds under a key. */
const valueIn = (item: Readonly<Record<string, unknown>>, key: string): unknown => {
  const holder = item[key]
  return isRecord(holder) ? holder["value"] : undefined
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new AlloyQueryError("filters must be a JSON-encoded array")
  }
}

/** Reads the `filters` parameter. */
export const readConditions = (text: string | null): ReadonlyArray<AlloyCondition> => {
  if (text === null || text === "") return []
  const items = parse(text)
  if (!Array.isArray(items)) throw new AlloyQueryError("filters must be a JSON-encoded array")
  return items.map((item: unknown) => {
    if (!isRecord(item)) throw new AlloyQueryError("filters must hold objects")
    const column = columns.find((name) => name === valueIn(item, "columns"))
    const operator = operators.find((name) => name === valueIn(item, "operators"))
    const input = valueIn(item, "userinput")
    const condition = valueIn(item, "condition")
    if (column === undefined) throw new AlloyQueryError("Unknown column")
    if (operator === undefined) throw new AlloyQueryError("Unknown operator")
    if (typeof input !== "string" && typeof input !== "number")
      throw new AlloyQueryError("userinput needs a value")
    if (condition !== "and") throw new AlloyQueryError("The only condition is and")
    if (
      column === "createdAt" &&
      !operator.endsWith("contains") &&
      Number.isNaN(Date.parse(String(input)))
    ) {
      throw new AlloyQueryError(`${String(input)} is not a date`)
    }
    return { column, operator, input: String(input) }
  })
}

const compares = (left: string | number, operator: Operator, right: string | number): boolean => {
  switch (operator) {
    case "equals":
      return left === right
    case "notequals":
      return left !== right
    case "greaterthan":
      return left > right
    case "lessthan":
      return left < right
    case "contains":
      return String(left).includes(String(right))
    case "notcontains":
      return !String(left).includes(String(right))
  }
}

/** Whether a condition holds, for each workflow or user: computed once, not once for each event. */
const table = (size: number, holds: (index: number) => boolean): ReadonlyArray<boolean> =>
  Array.from({ length: size }, (_, index) => holds(index))

const testOf = (history: AlloyHistory, condition: AlloyCondition): ((event: number) => boolean) => {
  const { column, operator, input } = condition
  const { workflows, users } = history
  const byWorkflow = (text: (workflow: number) => string | number, right: string | number) => {
    const holds = table(workflows, (workflow) => compares(text(workflow), operator, right))
    return (event: number): boolean => holds[history.workflowOf(executionOf(event))] ?? false
  }
  switch (column) {
    case "message":
      return (event) => compares(messageOf(history, event), operator, input)
    case "forgeWorkflowId":
      return byWorkflow((workflow) => history.ids.workflowId(workflow), input)
    case "forgeWorkflow.integrationId._id":
      return byWorkflow((workflow) => history.ids.integrationId(workflow), input)
    case "workflowVersion":
      return byWorkflow(versionOf, operator.endsWith("contains") ? input : Number(input))
    case "userId": {
      const holds = table(users, (user) => compares(history.ids.userId(user), operator, input))
      return (event) => holds[history.userOf(executionOf(event))] ?? false
    }
    case "data.executionId":
      return (event) => {
        const execution = executionOf(event)
        return compares(
          history.ids.executionId(execution, history.startTime(execution)),
          operator,
          input,
        )
      }
    case "createdAt":
      return operator.endsWith("contains")
        ? (event) => compares(isoText(history.eventTime(event)), operator, input)
        : (event) => compares(history.eventTime(event), operator, Date.parse(input))
  }
}

/** Tests whether all conditions hold for an event. */
export const allHold = (
  history: AlloyHistory,
  conditions: ReadonlyArray<AlloyCondition>,
): ((event: number) => boolean) => {
  const tests = conditions.map((condition) => testOf(history, condition))
  return (event) => tests.every((holds) => holds(event))
}

/** Inclusive bounds on createdAt, and the other conditions. */
export interface AlloyBounds {
  readonly earliest: number
  readonly latest: number
  readonly rest: ReadonlyArray<AlloyCondition>
}

/** Takes the bounds on createdAt out of the conditions. There they are strict, on whole milliseconds. */
export const boundsOf = (conditions: ReadonlyArray<AlloyCondition>): AlloyBounds => {
  let earliest = -Infinity
  let latest = Infinity
  const rest: Array<AlloyCondition> = []
  for (const condition of conditions) {
    const time = Date.parse(condition.input)
    const operator = condition.column === "createdAt" ? condition.operator : null
    if (operator === "greaterthan") earliest = Math.max(earliest, time + 1)
    else if (operator === "lessthan") latest = Math.min(latest, time - 1)
    else rest.push(condition)
  }
  return { earliest, latest, rest }
}
