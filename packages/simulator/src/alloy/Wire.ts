import { isoText } from "../shared/Instant.js"
import { executionOf, isEndEvent } from "./Events.js"
import type { AlloyHistory } from "./History.js"

/** The messages of Alloy's events. */
export type AlloyMessage = "executionStarted" | "executionFinished" | "executionError"

/** One notification of GET /logs. */
export interface AlloyWireEvent {
  readonly _id: string
  readonly message: AlloyMessage
  readonly data: { readonly executionId: string; readonly executionUuid: string }
  readonly startedAt?: string
  readonly completedAt?: string
  readonly createdAt: string
  readonly customVersion: boolean
  readonly workflowVersion: number
  readonly teamId: string
  readonly forgeWorkflowId: string
  readonly workflowId: string
  readonly userId: string
  readonly user: { readonly email: string; readonly fullName: string }
  readonly forgeWorkflow: {
    readonly name: string
    readonly integrationId: {
      readonly _id: string
      readonly name: string
      readonly blockId: string
      readonly icon: string
    }
  }
}

/** One step's result of GET /workflows/{workflowId}/logs. */
export interface AlloyWireResult {
  readonly startedAt: string
  readonly data: readonly (readonly Readonly<Record<string, unknown>>[])[]
  readonly stoppedAt?: string
  readonly connectorId: string
}

/** One execution of GET /workflows/{workflowId}/logs. */
export interface AlloyWireExecution {
  readonly executionId: string
  readonly startedAt: string
  readonly stoppedAt?: string
  readonly finished: boolean
  readonly results: readonly AlloyWireResult[]
  readonly inputs: readonly { readonly connectorId: string; readonly data: unknown }[]
}

/** An execution as the server keeps it, apart from any endpoint. */
export interface AlloyTruth {
  /** `executionUuid` of its events, `executionId` of the other endpoint. */
  readonly executionId: string
  /** `forgeWorkflowId`. */
  readonly workflowId: string
  readonly userId: string
  readonly startedAt: string | null
  readonly completedAt: string | null
  /** Of its last event. */
  readonly message: AlloyMessage
  /** `createdAt` of its last event. */
  readonly listedAt: string
}

const workflowNames = [
  "Orders to ledger",
  "New customer welcome",
  "Stock level alert",
  "Invoice sync",
  "Refund review",
]
const givenNames = ["Ana", "Bo", "Chiara", "Dmitri", "Esra", "Felix", "Grace", "Hana"]
const familyNames = ["Lopes", "Lindqvist", "Conti", "Petrov", "Yıldız", "Brandt", "Okafor", "Novák"]
const stepErrors = [
  { statusCode: 401, error: "Request failed with status code 401" },
  {
    statusCode: 500,
    error: { message: "Request failed with status code 500", name: "AxiosError" },
  },
  { statusCode: 429, error: null },
  { statusCode: null, error: "Cannot read properties of undefined (reading 'id')" },
] as const

const entry = (list: ReadonlyArray<string>, index: number): string =>
  list[index % list.length] ?? ""

/** The message of an event. */
export const messageOf = (history: AlloyHistory, event: number): AlloyMessage => {
  if (!isEndEvent(event)) return "executionStarted"
  return history.hasFailed(executionOf(event)) ? "executionError" : "executionFinished"
}

/** `workflowVersion` of a workflow's events. */
export const versionOf = (workflow: number): number => 1 + (workflow % 3)

const nameOf = (workflow: number): string => {
  const round = Math.floor(workflow / workflowNames.length)
  return round === 0
    ? entry(workflowNames, workflow)
    : `${entry(workflowNames, workflow)} ${round + 1}`
}

const userOf = (user: number): AlloyWireEvent["user"] => {
  const given = entry(givenNames, user)
  return {
    email: `${given.toLowerCase()}.${user}@example.com`,
    fullName: `${given} ${entry(familyNames, user + Math.floor(user / givenNames.length))}`,
  }
}

/** An event of GET /logs. */
export const wireEvent = (history: AlloyHistory, event: number): AlloyWireEvent => {
  const execution = executionOf(event)
  const facts = history.factsOf(execution)
  const ended =
    isEndEvent(event) && facts.completedAt !== null
      ? { completedAt: isoText(facts.completedAt) }
      : {}
  return {
    _id: history.ids.eventId(event, history.eventTime(event)),
    message: messageOf(history, event),
    data: {
      executionId: history.ids.executionId(execution, facts.startedAt),
      executionUuid: history.ids.uuid(execution),
    },
    ...(facts.unstarted ? {} : { startedAt: isoText(facts.startedAt) }),
    ...ended,
    createdAt: isoText(history.eventTime(event)),
    customVersion: false,
    workflowVersion: versionOf(facts.workflow),
    teamId: history.ids.teamId,
    forgeWorkflowId: history.ids.workflowId(facts.workflow),
    workflowId: history.ids.copyId(facts.workflow, facts.user),
    userId: history.ids.userId(facts.user),
    user: userOf(facts.user),
    forgeWorkflow: {
      name: nameOf(facts.workflow),
      integrationId: {
        _id: history.ids.integrationId(facts.workflow),
        name: `${nameOf(facts.workflow)} integration`,
        blockId: `MuK2Kk9lu0v8N86brS${facts.workflow}x`,
        icon: "https://cdn.example.com/icons/alloy-logo.png",
      },
    },
  }
}

/** An execution of GET /workflows/{workflowId}/logs. */
export const wireExecution = (history: AlloyHistory, execution: number): AlloyWireExecution => {
  const { startedAt, completedAt, failed, workflow, user } = history.factsOf(execution)
  const stepCount = 2 + (workflow % 3)
  // A failure ends the execution at its step. A running execution is in its second step.
  const done = completedAt === null ? 2 : failed ? 1 + (execution % stepCount) : stepCount
  const end = completedAt ?? startedAt + 200
  const order = 1000 + (execution % 9000)
  const at = (step: number) => isoText(startedAt + Math.floor(((end - startedAt) * step) / done))
  const results: Array<AlloyWireResult> = []
  for (let step = 0; step < done; step += 1) {
    const isLast = step === done - 1
    const isOpen = isLast && completedAt === null
    const failure = isLast && failed ? stepErrors[execution % stepErrors.length] : undefined
    // The first step is the trigger: it returns an empty object and has no status code.
    const success =
      step === 0 ? { json: {}, code: null } : { json: { ok: true, step, order }, code: 200 }
    const json = failure === undefined ? success.json : null
    const statusCode = failure === undefined ? success.code : failure.statusCode
    const error = failure?.error ?? null
    const item = {
      json,
      ...(statusCode === null ? {} : { statusCode }),
      ...(error === null ? {} : { error }),
      id: history.ids.resultId(execution, step),
    }
    results.push({
      startedAt: at(step),
      data: isOpen ? [] : [[item]],
      ...(isOpen ? {} : { stoppedAt: at(step + 1) }),
      connectorId: history.ids.connectorId(workflow, step),
    })
  }
  return {
    executionId: history.ids.uuid(execution),
    startedAt: isoText(startedAt),
    ...(completedAt === null ? {} : { stoppedAt: isoText(completedAt) }),
    finished: completedAt !== null && !failed,
    results,
    inputs: results.map(({ connectorId }, step) => ({
      connectorId,
      data: step === 0 ? {} : { apiVersion: "legacy", email: userOf(user).email, order },
    })),
  }
}

/** The execution of which this event is the last, or null for an earlier event. */
export const truthOf = (history: AlloyHistory, event: number): AlloyTruth | null => {
  const execution = executionOf(event)
  if (!isEndEvent(event) && !history.isRunning(execution)) return null
  const facts = history.factsOf(execution)
  return {
    executionId: history.ids.uuid(execution),
    workflowId: history.ids.workflowId(facts.workflow),
    userId: history.ids.userId(facts.user),
    startedAt: facts.unstarted ? null : isoText(facts.startedAt),
    completedAt: facts.completedAt === null ? null : isoText(facts.completedAt),
    message: messageOf(history, event),
    listedAt: isoText(history.eventTime(event)),
  }
}
