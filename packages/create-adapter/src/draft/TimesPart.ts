import { type Field, fieldsOf } from "../sample/Shape.js"
import { type TimeShape, timeShapeOf } from "../sample/TimeShape.js"
import { type Given, optional, type Part } from "./MappingParts.js"
import { instantOf } from "./TimeSource.js"
import type { Todo } from "./Todo.js"
import { timeSchema } from "./WireSource.js"

/** When it started and finished. */
export const timesPart = ({ shape, roles, read }: Given): Part => {
  const started = roles.get("startedAt") ?? roles.get("createdAt")
  const finished = roles.get("finishedAt")
  const startedTime = started === undefined ? null : timeShapeOf(started.shape)
  // Where every end is null, it is taken to be written as the start is.
  const finishedTime = finished === undefined ? null : (timeShapeOf(finished.shape) ?? startedTime)
  const source = (field: Field | undefined, time: TimeShape | null) =>
    field === undefined || time === null ? "null" : instantOf(time, read(field.path))
  const taken = [started, finished].map((field) => field?.path.join("\n"))
  const others = fieldsOf(shape).filter(
    (field) => timeShapeOf(field.shape) !== null && !taken.includes(field.path.join("\n")),
  )
  const todos: Array<Todo> = []
  if (started === undefined) {
    todos.push({
      where: "startedAt",
      what: `${unknownTime("start", others)} Map the field that contains it; null means that an execution has not started.`,
    })
  } else if (!roles.has("startedAt")) {
    todos.push({
      where: "startedAt",
      what: `startedAt is read from ${started.path.join(".")}, which judging by its name is the time of creation. ${asked("start", others)}Map the field that contains the start of the execution, or keep this one if both are the same.`,
    })
  }
  if (finished === undefined) {
    todos.push({
      where: "finishedAt",
      what: `${unknownTime("end", others)} Map the field that contains it, or keep null if the provider has none.`,
    })
  }
  return {
    wire: [
      ...(started === undefined || startedTime === null
        ? []
        : [optional(started, timeSchema(startedTime))]),
      ...(finished === undefined || finishedTime === null
        ? []
        : [optional(finished, timeSchema(finishedTime))]),
    ],
    mapping: [
      `startedAt: ${source(started, startedTime)}`,
      `finishedAt: ${source(finished, finishedTime)}`,
    ],
    times: [startedTime, finishedTime].filter((time) => time !== null),
    todos,
  }
}

const unknownTime = (what: string, candidates: ReadonlyArray<Field>): string =>
  `No field of the sample is recognized as the ${what}. ${asked(what, candidates)}`.trim()

/** Names the times that are not recognized by name as candidates. */
const asked = (what: string, candidates: ReadonlyArray<Field>): string => {
  const named = candidates.map(({ path }) => path.join("."))
  if (named.length === 0) return ""
  return named.length === 1
    ? `${named[0]} contains a time: is it the ${what}? `
    : `${named.slice(0, -1).join(", ")} and ${named.at(-1)} contain times: is one the ${what}? `
}
