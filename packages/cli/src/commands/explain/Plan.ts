import type { FilterPlan, JsonObject, QueryPlan } from "@execlog/core"
import { flagOf } from "../../session/FlagNames.js"
import { humanInstant } from "../../text/HumanTime.js"
import { terminalJson, terminalText } from "../../text/TerminalText.js"

/** The text of a plan, for people. */
export const planText = (plan: QueryPlan): string => {
  const name = plan.connection === null ? plan.provider : `${plan.connection} (${plan.provider})`
  const lines = [
    name,
    `  request      ${plan.route}`,
    ...paramLines(plan.params),
    `  order        ${plan.order} first`,
    `  page size    ${plan.pageSize}`,
    `  walk         ${walks[plan.walk]}`,
    `  consistency  ${consistencies[plan.consistency]}`,
    ...(plan.stopsBefore === null
      ? []
      : [`  stops        at executions listed before ${humanInstant(plan.stopsBefore)}`]),
    ...plan.filters.map(filterLine),
    ...(plan.included.length === 0 ? [] : [`  included     ${plan.included.join(", ")}`]),
    ...(plan.absent.length === 0 ? [] : [`  absent       ${plan.absent.join(", ")}`]),
    ...plan.notes.map((note) => `  note         ${note.text}`),
  ]
  return `${lines.map(terminalText).join("\n")}\n`
}

const walks: Readonly<Record<QueryPlan["walk"], string>> = {
  windows: "by time windows: a later page costs no more than the first",
  pages: "by pages",
}

const consistencies: Readonly<Record<QueryPlan["consistency"], string>> = {
  exact: "exact: every execution once, whatever changes meanwhile",
  bestEffort: "best effort; see the notes",
}

const answers: Readonly<Record<FilterPlan["answer"], string>> = {
  provider: "applied by the provider",
  both: "applied by the provider in part, the rest by execlog",
  execlog: "applied by execlog",
  settings: "decided by the settings",
  nobody: "not available",
}

const filterLine = ({ filter, answer, sent, note }: FilterPlan): string =>
  // Planned executions are filtered out if the flag is absent.
  `  filter       ${filter === "planned" ? "no --planned" : flagOf(filter)}: ${answers[answer]}` +
  (Object.keys(sent).length === 0 ? "" : `, sent as ${terminalJson(sent)}`) +
  (note === null ? "" : ` (${note})`)

const paramLines = (params: JsonObject): ReadonlyArray<string> =>
  Object.entries(params).map(
    ([name, value]) =>
      `  parameter    ${name}=${typeof value === "string" ? value : terminalJson(value)}`,
  )
