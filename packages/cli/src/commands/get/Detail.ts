import type { Execution, Json, Step } from "@execlog/core"
import type { StoredExecution } from "@execlog/store"
import { emptyCell, padToWidth, statusStyle, styled } from "../../formats/Cell.js"
import { reasonText } from "../../formats/ReasonText.js"
import type { Output } from "../../session/Output.js"
import { cutBelow } from "../../text/DeepJson.js"
import { humanDuration, humanInstant } from "../../text/HumanTime.js"
import { terminalJson, terminalText } from "../../text/TerminalText.js"

// Deeper values would be indented beyond the width of a terminal.
const deepestShown = 50
const tooDeep = "… nested deeper; --format json shows it whole"

type Field = readonly [name: string, value: string | null]

/** The text of one execution with all its details, for people. */
export const detailText = (
  execution: Execution,
  kept: StoredExecution | null,
  { hasColors }: Pick<Output, "hasColors">,
): string => {
  const { workflow, error, trigger, actor, usage } = execution
  const fields: ReadonlyArray<Field> = [
    ["id", execution.id],
    ["provider", execution.provider],
    ["connection", execution.connection],
    ["workflow", joined([workflow.name, workflow.id, workflow.version])],
    ["status", statusText(execution.status, execution.providerStatus)],
    ["time", instantText(execution.timestamp)],
    ...fieldIfSet("scheduled for", instantText(execution.scheduledFor)),
    ["started", instantText(execution.startedAt)],
    ["finished", instantText(execution.finishedAt)],
    ["listed", instantText(execution.listedAt)],
    ["duration", durationText(execution.durationMs)],
    ["error", joined([reasonText(execution, kept?.isDetailed ?? true), error?.type ?? null])],
    ["failed step", error?.stepId ?? null],
    ["trigger", joined([trigger.kind, trigger.providerKind])],
    [
      "actor",
      actor === null
        ? null
        : joined([
            actor.name ?? actor.id,
            actor.kind,
            actor.name === null ? null : actor.id,
            actor.email,
          ]),
    ],
    ...fieldIfSet("attempt", execution.attempt?.toString() ?? null),
    ["retry of", execution.retryOf],
    ["parent", execution.parentId],
    ...fieldIfSet("tags", execution.tags.length === 0 ? null : execution.tags.join(", ")),
    ["tokens", usage.totalTokens?.toString() ?? null],
    ["total steps", usage.totalSteps?.toString() ?? null],
    ["url", execution.url],
  ]
  const width = Math.max(...fields.map(([name]) => name.length)) + 2
  const style = statusStyle(execution.status)
  const lines = fields.map(([name, value]) => {
    const shown = terminalText(value ?? emptyCell)
    return `${padToWidth(name, width, "left")}${styled(shown, name === "status" ? style : null, hasColors)}`
  })
  const sections = [
    ...stepLines(execution.steps, hasColors),
    ...valueLines("inputs", execution.inputs, hasColors),
    ...valueLines("outputs", execution.outputs, hasColors),
    ...(Object.keys(execution.attributes).length === 0
      ? []
      : valueLines("attributes", execution.attributes, hasColors)),
    ...valueLines("raw", execution.raw, hasColors),
    ...(kept === null ? [] : keptLines(kept, hasColors)),
  ]
  return `${[...lines, ...sections].join("\n")}\n`
}

/** A field that many providers do not have: omitted if it is null. */
const fieldIfSet = (name: string, value: string | null): ReadonlyArray<Field> =>
  value === null ? [] : [[name, value]]

/** The history of the execution in the store. */
const keptLines = (
  { firstSeenAt, lastSeenAt, staleAt, goneAt, changes }: StoredExecution,
  hasColors: boolean,
): ReadonlyArray<string> => [
  "",
  styled("in the store", "bold", hasColors),
  `  first seen   ${humanInstant(firstSeenAt)}`,
  `  last seen    ${humanInstant(lastSeenAt)}`,
  ...(goneAt === null
    ? []
    : [`  gone          ${humanInstant(goneAt)}: unfinished, and no longer at its provider`]),
  ...(staleAt === null ? [] : [`  given up on  ${humanInstant(staleAt)}`]),
  ...changes.map(
    ({ previous, next, observedAt }) =>
      `  ${humanInstant(observedAt)}  ${previous === null ? "appeared" : terminalText(statusText(previous.status, previous.providerStatus))} → ` +
      styled(
        terminalText(statusText(next.status, next.providerStatus)),
        statusStyle(next.status),
        hasColors,
      ),
  ),
]

const stepLines = (
  steps: ReadonlyArray<Step> | undefined,
  hasColors: boolean,
): ReadonlyArray<string> => {
  if (steps === undefined) return []
  return [
    "",
    styled(`steps (${steps.length})`, "bold", hasColors),
    ...steps.flatMap((step, index) => [
      `  ${index + 1}. ${terminalText(joined([step.name ?? step.id ?? emptyCell, step.type]) ?? "")}  ` +
        styled(
          terminalText(statusText(step.status, step.providerStatus)),
          statusStyle(step.status),
          hasColors,
        ) +
        `  ${instantText(step.startedAt) ?? emptyCell}  ${durationText(step.durationMs) ?? emptyCell}`,
      ...(step.error === null
        ? []
        : [`     error: ${terminalText(joined([step.error.message, step.error.type]) ?? "")}`]),
      ...stepValue("inputs", step.inputs),
      ...stepValue("outputs", step.outputs),
    ]),
  ]
}

const stepValue = (name: string, value: Json | undefined): ReadonlyArray<string> =>
  value === undefined
    ? []
    : [`     ${name}: ${terminalJson(cutBelow(value, deepestShown, tooDeep))}`]

const valueLines = (
  name: string,
  value: Json | undefined,
  hasColors: boolean,
): ReadonlyArray<string> =>
  value === undefined
    ? []
    : [
        "",
        styled(name, "bold", hasColors),
        `  ${terminalJson(cutBelow(value, deepestShown, tooDeep), 2).replaceAll("\n", "\n  ")}`,
      ]

const statusText = (status: string, providerStatus: string | null): string =>
  providerStatus === null || providerStatus === status ? status : `${status} (${providerStatus})`

const instantText = (instant: Date | null): string | null =>
  instant === null ? null : humanInstant(instant)

const durationText = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : humanDuration(milliseconds)

/** The first text with the others in parentheses; null if there are none. */
const joined = (texts: ReadonlyArray<string | null>): string | null => {
  const [first, ...rest] = texts.filter((text) => text !== null && text !== "")
  if (first === undefined || first === null) return null
  return rest.length === 0 ? first : `${first} (${rest.join(", ")})`
}
