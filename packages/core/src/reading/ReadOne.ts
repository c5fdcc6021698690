import * as Effect from "effect/Effect"
import type { Connection } from "../adapter/Connection.js"
import { guarded, decodeFaultOf, DecodeFault } from "../model/DecodeFault.js"
import type { Include } from "../model/Execution.js"
import type { Json } from "../model/Json.js"
import { redactExecution, redactRejected } from "../model/Masking.js"
import { isTooDeep, rejectDeep, withoutDeepParts } from "../model/Nesting.js"
import type { Warning } from "../model/Warning.js"
import { explainUnwritten } from "../transport/Answers.js"
import type { Requests } from "../transport/Requests.js"
import type { Source } from "../walk/Plan.js"
import { completeExecution } from "./MapExecution.js"
import { nothingJoined, readJoins } from "./ReadJoins.js"

const instantOrNull = (instant: number | null): Date | null =>
  instant === null ? null : new Date(instant)

/** Reads one execution by its id. */
export const readExecution = Effect.fnUntraced(function* (
  connection: Connection,
  requests: Requests,
  source: Source,
  id: string,
  wanted: ReadonlySet<Include>,
  onWarning: (warning: Warning) => void,
) {
  const endpoint = connection.get
  if (endpoint === null) {
    return yield* requests.fail({
      reason: "Unsupported",
      message: `${connection.title} has no endpoint that returns one execution by its id.`,
      operation: "get",
      hint: "list_instead",
    })
  }
  const rejection = id === "" ? "it is empty" : endpoint.checkId(id)
  if (rejection !== null) {
    return yield* requests.fail({
      reason: "InvalidQuery",
      message: `${JSON.stringify(id)} is not an execution id of ${connection.title}: ${rejection}.`,
      operation: "get",
      subject: { kind: "argument", name: "id" },
      hint: "list_ids",
    })
  }
  const spec = guarded(endpoint.request, id)
  if (spec instanceof DecodeFault) {
    return yield* requests.fail(explainUnwritten(endpoint.route, "get", spec.reason))
  }
  const { body } = yield* requests.send(spec, "get")
  // It came from JSON.parse, so it is JSON.
  const json = body as Json
  const isDeep = isTooDeep(json)
  const decoded = isDeep ? rejectDeep() : guarded(endpoint.item, body)
  const raw = isDeep ? withoutDeepParts(json) : json
  if (decoded instanceof DecodeFault || !decoded.ok) {
    const { message } = isDeep ? {} : requests.problem(200, body)
    const { reason } = redactRejected(source.redact, raw, decodeFaultOf(decoded))
    return yield* requests.fail({
      reason: "Decode",
      message: `${requests.title} answered ${endpoint.route} with data that is not an execution: ${message ?? reason}.`,
      operation: "get",
      providerMessage: message ?? null,
    })
  }
  if (decoded.value === null) {
    return yield* requests.fail({
      reason: "NotFound",
      message: `${connection.title} has no execution ${id}.`,
      operation: "get",
    })
  }
  const joined =
    endpoint.joins.length === 0
      ? nothingJoined
      : yield* readJoins(requests, endpoint.joins, [decoded.value], "get")
  for (const warning of joined.warnings) onWarning(warning)
  const [unread] = joined.rejected
  const execution = guarded(
    (item: unknown) =>
      completeExecution(endpoint.execution(item, joined.rows), source, {
        listedAt: instantOrNull(endpoint.listedAt?.(item) ?? null),
        raw: wanted.has("raw") ? json : undefined,
        wanted,
      }),
    decoded.value,
  )
  const fault =
    execution instanceof DecodeFault
      ? redactRejected(source.redact, raw, execution).reason
      : unread === undefined
        ? undefined
        : // It came from JSON.parse, so it is JSON.
          `${unread.route}: ${redactRejected(source.redact, unread.raw as Json, unread.fault).reason}`
  if (execution instanceof DecodeFault || fault !== undefined) {
    return yield* requests.fail({
      reason: "Decode",
      message: `${requests.title} answered ${endpoint.route} with an execution that could not be read: ${fault}.`,
      operation: "get",
      ...(execution instanceof DecodeFault && execution.cause !== "adapter"
        ? {}
        : { hint: "report" }),
    })
  }
  return source.redact === null ? execution : redactExecution(source.redact, execution)
})
