import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { OpenApi } from "effect/http-api"

/** The least and the greatest value of a parameter. */
export type Range = readonly [minimum: number, maximum: number]

/** A whole number in a range. */
export const integerIn = ([minimum, maximum]: Range) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Describes parameters as whole numbers, where the generator describes the text that they arrive as. */
export const describeIntegers = (ranges: Readonly<Record<string, Range>>) =>
  OpenApi.annotations({
    transform: (operation) => {
      const parameters: unknown = operation["parameters"]
      return Array.isArray(parameters)
        ? { ...operation, parameters: parameters.map((one) => described(one, ranges)) }
        : operation
    },
  })

const described = (parameter: unknown, ranges: Readonly<Record<string, Range>>): unknown => {
  if (!Predicate.hasProperty(parameter, "name")) return parameter
  const range = ranges[String(parameter.name)]
  if (range === undefined) return parameter
  const [minimum, maximum] = range
  return { ...parameter, schema: { type: "integer", minimum, maximum } }
}
