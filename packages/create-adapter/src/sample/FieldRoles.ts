import { plain, timeNames } from "../shared/Names.js"
import { type Field, fieldsOf, isOf, type Shape, told } from "./Shape.js"
import { timeShapeOf } from "./TimeShape.js"

/** The fields of an item that stand for a part of an execution, by that part. */
export type Roles = ReadonlyMap<Role, Field>

const workflow = ["workflow", "flow", "pipeline", "scenario", "automation", "recipe", "process"]
const ofWorkflow = (part: string): ReadonlyArray<string> => workflow.map((name) => name + part)

/** Field names of the time at which an execution is created, before it starts. */
const enteringNames = (
  "created create creation datecreated enqueued enqueue queued requested request submitted submit received " +
  "accepted inserted"
).split(" ")

/** Whether a field is a time at which executions are entered, or planned for, before they start. */
export const isBeforeStart = ({ path }: Pick<Field, "path">): boolean =>
  timeNames(plain(path.at(-1) ?? "")).some((name) =>
    [...enteringNames, "scheduled", "planned"].includes(name),
  )

/**
 * The names by which platforms call each part, without case and style, and those of times without
 * what {@link timeNames} takes off; the most telling first.
 */
const knownNames = {
  id: ["id", "executionid", "runid", "uuid", "executionuuid", "jobid"],
  status: ["status", "state", "statetype", "executionstatus", "runstatus", "outcome", "result"],
  startedAt: ["started", "start", "begun", "began", "begin"],
  createdAt: [...enteringNames, "timestamp"],
  // An end may be null in all items: `completion: null` or `stop: null` need not be one.
  finishedAt: (
    "finished ended end stopped completed " +
    "finishat finishtime finishdate stopat stoptime stopdate completiontime completiondate"
  ).split(" "),
  workflowId: [...ofWorkflow("id"), ...ofWorkflow("uuid"), ...workflow],
  workflowName: ofWorkflow("name"),
  workflowVersion: [..."version revision rev".split(" ").flatMap(ofWorkflow), "version"],
  error: ["errormessage", "error", "failurereason", "failuremessage", "errorreason"],
  errorType: ["errortype", "errorcode", "errorname", "errorclass"],
  duration: (
    "duration durationms durationseconds elapsed elapsedtime elapsedms elapsedseconds " +
    "totalruntime runtime executiontime"
  ).split(" "),
  trigger: ["trigger", "triggertype", "triggerkind", "triggeredfrom", "mode", "createdfrom"],
  retryOf: ["retryof", "retryofid", "retriedfrom", "rerunof", "retryofexecutionid"],
  parentId: ["parentid", "parent", "parentexecutionid", "parentrunid", "parentworkflowrunid"],
  totalTokens: ["totaltokens"],
  totalSteps: ["totalsteps", "stepcount"],
  url: ["url", "htmlurl", "weburl", "link", "permalink"],
  inputs: ["inputs", "input"],
  outputs: ["outputs", "output"],
} satisfies { readonly [role: string]: ReadonlyArray<string> }

const timeRoles: ReadonlySet<string> = new Set(["startedAt", "createdAt", "finishedAt"])

/** A part of an execution that a field may stand for. */
export type Role = keyof typeof knownNames

/** Objects that only wrap the execution: what is in them is called as if it stood outside. */
const wrappers = new Set(
  "run workflowrun flowrun execution item attributes data node result record".split(" "),
)

/** Whether a name only wraps what it leads to. */
export const isWrapper = (name: string): boolean => wrappers.has(plain(name))

/** Whether a name begins with a word for a workflow. */
export const isWorkflowName = (name: string): boolean =>
  workflow.some((word) => plain(name).startsWith(word))

const fits = (role: Role, shape: Shape): boolean => {
  const values = told(shape)
  switch (role) {
    case "id":
      return !shape.kinds.has("null") && values.every(isId)
    case "workflowId":
    case "retryOf":
    case "parentId":
      return values.every(isId)
    case "status":
    case "trigger":
    case "workflowName":
    case "errorType":
      return values.length > 0 && isOf(shape, "string")
    case "workflowVersion":
      return values.length > 0 && isOf(shape, "string", "number")
    case "startedAt":
    case "createdAt":
      return timeShapeOf(shape) !== null
    case "finishedAt":
      return values.length === 0 || timeShapeOf(shape) !== null
    case "error":
      return isOf(shape, "string", "object")
    case "duration":
    case "totalTokens":
    case "totalSteps":
      return values.length > 0 && isOf(shape, "number")
    case "url":
      return (
        values.length > 0 &&
        values.every((value) => typeof value === "string" && /^https?:/.test(value))
      )
    case "inputs":
    case "outputs":
      return true
  }
}

const isId = (value: unknown): boolean =>
  (typeof value === "string" && value !== "") || Number.isSafeInteger(value)

/** Finds out by names and shapes which field of an item stands for which part of an execution. */
export const rolesOf = (item: Shape): Roles => {
  const candidates = fieldsOf(item).map((field) => ({ ...field, name: nameOf(field.path) }))
  const roles = new Map<Role, Field>()
  for (const role of Object.keys(knownNames).filter(isRole)) {
    const found = knownNames[role]
      .flatMap((name) =>
        candidates
          .filter((field) => namesOf(role, field.name).includes(name) && fits(role, field.shape))
          .toSorted((a, b) => a.path.length - b.path.length),
      )
      .at(0)
    if (found !== undefined) roles.set(role, { path: found.path, shape: found.shape })
  }
  return roles
}

const namesOf = (role: Role, name: string): ReadonlyArray<string> =>
  timeRoles.has(role) ? timeNames(name) : [name]

const isRole = (name: string): name is Role => Object.hasOwn(knownNames, name)

/** The names that lead to a field as one word, without those that only wrap. */
const nameOf = (path: ReadonlyArray<string>): string => {
  const names = path.map(plain)
  return names.filter((name, index) => index === names.length - 1 || !wrappers.has(name)).join("")
}
