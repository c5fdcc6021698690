import type { QueryPlan } from "@execlog/core"
import { chooseConnections, openConnections } from "../../connections/Connections.js"
import { readFormat, reportFormats } from "../../flags/FormatFlag.js"
import type { ListFlags } from "../../flags/QueryFlags.js"
import { readListRequest } from "../../flags/ReadQuery.js"
import { jsonText } from "../../formats/Json.js"
import { type ExitCode, leastFailure } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import type { Session } from "../../session/Session.js"
import { planText } from "./Plan.js"

/** Prints the plan of each connection. Returns the exit code. */
export const explain = async (flags: ListFlags, session: Session): Promise<ExitCode> => {
  const { output, notices } = session
  const { query } = readListRequest(flags, Date.now())
  const format = readFormat(flags, output.isTerminal, reportFormats)
  const chosen = await chooseConnections(flags, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  const plans: Array<QueryPlan> = []
  for (const { client, label } of opened) {
    try {
      plans.push(client.explain(query))
    } catch (error) {
      outcomes.push(reportFailure(notices, error, label))
    }
  }
  if (plans.length > 0) {
    await output.write(
      format === "table"
        ? plans.map(planText).join("\n")
        : jsonText(plans, format === "json" ? "json" : "ndjson"),
    )
  }
  return leastFailure(outcomes)
}
