import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { AdapterError } from "../model/AdapterError.js"
import { invalidQuery } from "../model/LogQuery.js"
import { checkOptions } from "../model/OptionNames.js"
import { runCheck } from "../reading/CheckedCall.js"
import type { LogGetOptions } from "./LogFace.js"
import type { Lane } from "./MergedEntries.js"

/** Reads one execution of several connections: of the one that is named, else of the one that has it. */
export const getFromOne = (lanes: ReadonlyArray<Lane>) =>
  Effect.fnUntraced(function* (id: string, given: LogGetOptions = {}) {
    yield* runCheck(() => checkOptions("log.get", given))
    const { connection: name, ...options } = given
    const asked = lanes.filter(({ label }) => name === undefined || label === name)
    if (asked.length === 0) {
      return yield* invalidQuery(`The log has no connection "${name}".`, {
        subject: { kind: "option", name: "connection" },
        hint: {
          code: "change_name",
          text: `Its connections are ${lanes.map(({ label }) => label).join(", ")}.`,
        },
      })
    }
    const answers = yield* Effect.forEach(
      asked,
      ({ connection, label }) =>
        Effect.map(Effect.result(connection.get(id, options)), (answer) => ({ answer, label })),
      { concurrency: "unbounded" },
    )
    const found = answers.flatMap(({ answer, label }) =>
      Result.isSuccess(answer) ? [{ execution: answer.success, label }] : [],
    )
    const [first, second] = found
    if (second !== undefined) {
      return yield* invalidQuery(
        `Several connections have an execution ${id}: ${found.map(({ label }) => label).join(", ")}.`,
        {
          subject: { kind: "option", name: "connection" },
          hint: { code: "change_name", text: "Name the one you mean with the option connection." },
        },
      )
    }
    const failures = answers.flatMap(({ answer }) =>
      Result.isFailure(answer) ? [answer.failure] : [],
    )
    // One that could not be asked may have it, or may have one of the same id.
    const failure = failures.find((error) => !lacksIt(error))
    if (failure !== undefined) return yield* failure
    if (first !== undefined) return first.execution
    const able = failures.filter(({ reason }) => reason !== "Unsupported")
    const [only] = able.length === 0 ? failures : able
    if (only !== undefined && able.length < 2) return yield* only
    return yield* new AdapterError({
      reason: "NotFound",
      message: `No connection of the log has an execution ${id}.`,
      operation: "get",
      hint: "check_id",
    })
  })

/** Whether a connection is known not to return an execution of this id. */
const lacksIt = ({ reason, subject }: AdapterError): boolean =>
  reason === "NotFound" || reason === "Unsupported" || subject?.kind === "argument"
