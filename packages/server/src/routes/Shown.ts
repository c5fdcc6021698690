import type { Execution, Include, Json, Step } from "@execlog/core"
import * as Context from "effect/Context"
import { Forbidden } from "../api/Problem.js"

/** The parts of executions that may hold the data of users. */
export type PrivatePart = Extract<Include, "inputs" | "outputs" | "raw">

/** The parts that the server shows. */
export class Shown extends Context.Service<Shown, ReadonlySet<PrivatePart>>()(
  "@execlog/server/Shown",
) {}

/** The problem of a request for parts that are not shown; null if all are. */
export const faultOfInclude = (
  shown: ReadonlySet<string>,
  include: ReadonlyArray<Include> = [],
): Forbidden | null => {
  const hidden = include.find((part) => part !== "steps" && !shown.has(part))
  if (hidden === undefined) return null
  return new Forbidden({
    code: "not_shown",
    detail: `This server does not show ${hidden}.`,
    subject: { kind: "query", name: "include" },
    hint: { code: "configure", text: `To show them, name ${hidden} in its option show.` },
  })
}

/** The execution without what is not shown. */
export const withoutHidden = (shown: ReadonlySet<string>, execution: Execution): Execution => {
  const { steps } = execution
  const kept = withoutParts(shown, execution)
  return steps === undefined || (shown.has("inputs") && shown.has("outputs"))
    ? kept
    : { ...kept, steps: steps.map((step): Step => withoutParts(shown, step)) }
}

interface Parts {
  readonly inputs?: Json
  readonly outputs?: Json
  readonly raw?: Json
}

const withoutParts = <A extends Parts>(shown: ReadonlySet<string>, whole: A): A => {
  const hidden = parts.filter((part) => whole[part] !== undefined && !shown.has(part))
  if (hidden.length === 0) return whole
  const kept = { ...whole }
  for (const part of hidden) Reflect.deleteProperty(kept, part)
  return kept
}

const parts = ["inputs", "outputs", "raw"] as const
