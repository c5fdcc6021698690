import { isObject, type Json } from "../shared/Json.js"

/** The response of the endpoint for one execution, and where the execution is in it. */
export interface GetSample {
  /** The name under which the answer holds the execution; null where it is the execution. */
  readonly wrapper: string | null
  readonly execution: Json
  /** The other fields of the response, beside the wrapper. */
  readonly beside: ReadonlyArray<string>
}

/**
 * Finds the execution in the answer: under the name where more of the names of a list item are than
 * outside.
 */
export const getSampleOf = (answer: Json, items: ReadonlyArray<Json>): GetSample => {
  const known = new Set(items.filter(isObject).flatMap((item) => Object.keys(item)))
  const alike = (value: Json): number =>
    isObject(value) ? Object.keys(value).filter((name) => known.has(name)).length : 0
  const [best] = Object.entries(isObject(answer) ? answer : {}).toSorted(
    ([, a], [, b]) => alike(b) - alike(a),
  )
  if (best === undefined || !isObject(answer) || alike(best[1]) <= alike(answer)) {
    return { wrapper: null, execution: answer, beside: [] }
  }
  const [wrapper, execution] = best
  return { wrapper, execution, beside: Object.keys(answer).filter((name) => name !== wrapper) }
}
