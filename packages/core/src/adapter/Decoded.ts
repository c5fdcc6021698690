import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { describeIssue } from "../model/Issue.js"
import { wireGuard } from "./WireDecoder.js"

/** The outcome of reading an unknown value: plain data, so that two copies of core can exchange it. */
export type Decoded<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly reason: string }

/**
 * A reader for a wire schema. The guard is tried first, since nearly all items are good and it
 * neither copies nor explains; the slower decoder runs only to say what is wrong.
 */
export const decoder = <A>(schema: Schema.Codec<A>): ((value: unknown) => Decoded<A>) => {
  const isGood = wireGuard(schema.ast)
  const explain = Schema.decodeUnknownResult(schema, { errors: "all", reportInput: true })
  return (value) => {
    // The guard has checked that it is one.
    if (isGood(value)) return { ok: true, value: value as A }
    const result = explain(value)
    return Result.isSuccess(result)
      ? { ok: true, value: result.success }
      : { ok: false, reason: describeIssue(result.failure.issue) }
  }
}
