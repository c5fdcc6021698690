import type { AlloyHistory } from "./History.js"

/** The three messages of Alloy's events. */
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

/** What the server holds of an execution, whichever endpoint is asked. */
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

const WORKFLOWS = [
  "Orders to ledger",
  "New customer welcome",
  "Stock level alert",
  "Invoice sync",
  "Refund review",
]
const GIVEN_NAMES = ["Ana", "Bo", "Chiara", "Dmitri", "Esra", "Felix", "Grace", "Hana"]
const FAMILY_NAMES = [
  "Lopes",
  "Lindqvist",
  "Conti",
  "Petrov",
  "Yıldız",
  "Brandt",
  "Okafor",
  "Novák",
]
const ERRORS = [
  { statusCode: 401, error: "Request failed with status code 401" },
  {
    statusCode: 500,
    error: { message: "Request failed with status code 500", name: "AxiosError" },
  },
  { statusCode: 429, error: null },
  { statusCode: null, error: "Cannot read properties of undefined (reading 'id')" },
] as const

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

const entry = (list: readonly string[], index: number): string => list[index % list.length] ?? ""

/** The message of an event. */
export const messageOf = (history: AlloyHistory, event: number): AlloyMessage => {
  if ((event & 1) === 0) return "executionStarted"
  return history.hasFailed(event >>> 1) ? "executionError" : "executionFinished"
}

/** `workflowVersion` of a workflow's events. */
export const versionOf = (workflow: number): number => 1 + (workflow % 3)

const nameOf = (workflow: number): string => {
  const round = Math.floor(workflow / WORKFLOWS.length)
  return round === 0 ? entry(WORKFLOWS, workflow) : `${entry(WORKFLOWS, workflow)} ${round + 1}`
}

const userOf = (user: number): { email: string; fullName: string } => {
  const given = entry(GIVEN_NAMES, user)
  return {
    email: `${given.toLowerCase()}.${user}@example.com`,
    fullName: `${given} ${entry(FAMILY_NAMES, user + Math.floor(user / GIVEN_NAMES.length))}`,
  }
}

/** An event as GET /logs gives it. */
export const wireEvent = (history: AlloyHistory, event: number): AlloyWireEvent => {
  const execution = event >>> 1
  const facts = history.factsOf(execution)
  const ended =
    (event & 1) === 1 && facts.completedAt !== null ? { completedAt: iso(facts.completedAt) } : {}
  return {
    _id: history.ids.eventId(event, history.eventTime(event)),
    message: messageOf(history, event),
    data: {
      executionId: history.ids.executionId(execution, facts.startedAt),
      executionUuid: history.ids.uuid(execution),
    },
    ...(facts.unstarted ? {} : { startedAt: iso(facts.startedAt) }),
    ...ended,
    createdAt: iso(history.eventTime(event)),
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

/** An execution as GET /workflows/{workflowId}/logs gives it. */
export const wireExecution = (history: AlloyHistory, execution: number): AlloyWireExecution => {
  const { startedAt, completedAt, failed, workflow, user } = history.factsOf(execution)
  const planned = 2 + (workflow % 3)
  // A failure ends the execution at its step, a running one stands in its second.
  const done = completedAt === null ? 2 : failed ? 1 + (execution % planned) : planned
  const end = completedAt ?? startedAt + 200
  const order = 1000 + (execution % 9000)
  const at = (step: number): string =>
    iso(startedAt + Math.floor(((end - startedAt) * step) / done))
  const results: AlloyWireResult[] = []
  for (let step = 0; step < done; step += 1) {
    const last = step === done - 1
    const open = last && completedAt === null
    const trouble = last && failed ? ERRORS[execution % ERRORS.length] : undefined
    // The first step is the trigger: it gives an empty object and has no status code.
    const good =
      step === 0 ? { json: {}, code: null } : { json: { ok: true, step, order }, code: 200 }
    const json = trouble === undefined ? good.json : null
    const statusCode = trouble === undefined ? good.code : trouble.statusCode
    const error = trouble?.error ?? null
    const item = {
      json,
      ...(statusCode === null ? {} : { statusCode }),
      ...(error === null ? {} : { error }),
      id: history.ids.resultId(execution, step),
    }
    results.push({
      startedAt: at(step),
      data: open ? [] : [[item]],
      ...(open ? {} : { stoppedAt: at(step + 1) }),
      connectorId: history.ids.connectorId(workflow, step),
    })
  }
  return {
    executionId: history.ids.uuid(execution),
    startedAt: iso(startedAt),
    ...(completedAt === null ? {} : { stoppedAt: iso(completedAt) }),
    finished: completedAt !== null && !failed,
    results,
    inputs: results.map(({ connectorId }, step) => ({
      connectorId,
      data: step === 0 ? {} : { apiVersion: "legacy", email: userOf(user).email, order },
    })),
  }
}

/** What is true of the execution that this event is the last of, or null where another is. */
export const truthOf = (history: AlloyHistory, event: number): AlloyTruth | null => {
  const execution = event >>> 1
  if ((event & 1) === 0 && !history.isRunning(execution)) return null
  const facts = history.factsOf(execution)
  return {
    executionId: history.ids.uuid(execution),
    workflowId: history.ids.workflowId(facts.workflow),
    userId: history.ids.userId(facts.user),
    startedAt: facts.unstarted ? null : iso(facts.startedAt),
    completedAt: facts.completedAt === null ? null : iso(facts.completedAt),
    message: messageOf(history, event),
    listedAt: iso(history.eventTime(event)),
  }
}
