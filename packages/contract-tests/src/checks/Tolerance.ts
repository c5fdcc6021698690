import { isDeepStrictEqual } from "node:util"
import { type Execution, executionStatuses, type Json } from "@execlog/core"
import type { FixtureCheck } from "../kit/Check.js"
import { ContractViolation, holds, shown } from "../kit/ContractViolation.js"
import { differenceOf } from "../kit/Difference.js"
import { isErrorFixture } from "../kit/Fixture.js"
import {
  distinctValuesWithin,
  isArray,
  isObject,
  type JsonPath,
  pathText,
  valuesWithin,
  withValue,
} from "../kit/JsonPath.js"
import { type ReadItems, type Samples, samplesOf } from "../kit/Samples.js"
import { assertExecution } from "./Outputs.js"

const appliesTo: FixtureCheck["appliesTo"] = (_subject, fixture) => !isErrorFixture(fixture)
const unheardOf = "execlog-contract-unheard-of"

/** An unheard-of status becomes `unknown`. */
export const unknownStatus: FixtureCheck = {
  promise: "maps an unheard-of status to unknown, and keeps the provider's word",
  appliesTo,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const [execution] = (await read([item])).executions
      const words = [...valuesWithin(item)].filter(
        ({ value }) => typeof value === "string" && Object.hasOwn(subject.adapter.statuses, value),
      )
      const word = execution?.providerStatus ?? null
      if (execution === undefined || (words.length === 0 && word === null)) continue
      holds(word !== null, () => ({
        found: `${fixture.name}.json: the item contains ${shown(words[0]?.value)}, but providerStatus is null.`,
        expected: "the provider's own word in providerStatus, verbatim",
        why: "Users look up the provider's own word in its documentation.",
      }))
      const { mapped } = await readWithWord(read, item, word, unheardOf)
      holds(mapped?.status === "unknown" && mapped.providerStatus === unheardOf, () => ({
        found: `${fixture.name}.json: the status word ${shown(unheardOf)} gave ${
          mapped === undefined
            ? "a rejected item"
            : `status ${mapped.status}, providerStatus ${shown(mapped.providerStatus)}`
        }.`,
        expected: `status unknown, and ${shown(unheardOf)} in providerStatus`,
        why: "A new word of the provider must neither count as a success nor hide the execution.",
      }))
    }
  },
}

/** Undeclared fields change nothing. */
export const unknownFields: FixtureCheck = {
  promise: "reads an item the same when the provider adds fields",
  appliesTo,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const [before] = (await read([item])).executions
      const { executions, rejected } = await read([enriched(item)])
      const [after] = executions
      holds(after !== undefined && isDeepStrictEqual(gist(after), gist(before)), () => ({
        found: `${fixture.name}.json: with unknown fields in the item of execution ${before?.id} ${
          after === undefined
            ? `it was rejected: ${rejected[0]?.reason}`
            : differenceOf(gist(after), gist(before))
        }.`,
        expected: "the same execution, whatever other fields the item has",
        why: "Providers add fields without notice; that must not break an adapter.",
      }))
    }
  },
}

const enriched = (value: Json): Json =>
  isArray(value)
    ? value.map(enriched)
    : isObject(value)
      ? {
          ...Object.fromEntries(
            Object.entries(value).map(([key, inner]) => [key, enriched(inner)]),
          ),
          execlog_contract_surprise: { nested: [1, null] },
        }
      : value

/** The fields without the provider's raw data. */
const gist = (execution: Execution | undefined) => {
  if (execution === undefined) return undefined
  const {
    inputs: _inputs,
    outputs: _outputs,
    attributes: _attributes,
    raw: _raw,
    steps,
    ...rest
  } = execution
  const stepGist = steps?.map((step) => {
    const { inputs: _in, outputs: _out, attributes: _own, ...own } = step
    return own
  })
  return { ...rest, steps: stepGist }
}

/** A malformed item is rejected alone. */
export const badItem: FixtureCheck = {
  promise: "rejects only the malformed item, with its raw value, place and a reason",
  appliesTo: (subject, fixture) =>
    appliesTo(subject, fixture) && samplesOf(subject, fixture).items.length > 0,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    const bad: ReadonlyArray<Json> = [null, {}, "garbage", 42, []]
    const mixed = [...items, ...bad, ...items]
    const result = await read(mixed)
    const expected = bad.length
    holds(
      result.executions.length === 2 * items.length && result.rejected.length === expected,
      () => ({
        found: `${fixture.name}.json: of ${2 * items.length} good items and ${expected} malformed ones, ${result.executions.length} were mapped and ${result.rejected.length} rejected.`,
        expected: "the good items mapped, the malformed ones rejected",
        why: "One malformed item must not cost the other 99, and none may disappear.",
      }),
    )
    assertRejected(`${fixture.name}.json`, mixed, result)
  },
}

const assertRejected = (
  name: string,
  items: ReadonlyArray<Json>,
  { rejected }: ReadItems,
): void => {
  for (const { raw, index, reason } of rejected) {
    holds(isDeepStrictEqual(raw, items[index]) && reason.trim().length > 3, () => ({
      found: `${name}: a rejected item has the index ${index}, raw ${shown(raw)} and the reason ${shown(reason)}.`,
      expected: `raw ${shown(items[index])}, and a readable reason`,
      why: "Users need the item and the reason of a rejection.",
    }))
  }
}

/** An item with a field null, missing or of another type is mapped or rejected. */
export const missingFields: FixtureCheck = {
  promise:
    "maps or rejects an item with any field null, missing or of another type, and never throws",
  appliesTo,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const mutants = mutantsOf(item)
      const result = await read(mutants.map(({ mutant }) => mutant)).catch(async (error: unknown) =>
        nameChange(fixture.name, mutants, read, error),
      )
      const { executions, rejected } = result
      holds(executions.length + rejected.length === mutants.length, () => ({
        found: `${fixture.name}.json: of ${mutants.length} items with a field changed, ${executions.length} were mapped and ${rejected.length} rejected.`,
        expected: "each mapped or rejected",
        why: "Nobody notices an execution that is neither.",
      }))
      const values = mutants.map(({ mutant }) => mutant)
      assertRejected(`${fixture.name}.json`, values, result)
      const rejectedIndexes = new Set(rejected.map(({ index }) => index))
      const mapped = mutants.filter((_, index) => !rejectedIndexes.has(index))
      for (const [index, execution] of executions.entries()) {
        const change = mapped[index]?.change ?? ""
        assertExecution(execution, `${fixture.name}.json, with ${change},`)
        holds(executionStatuses.includes(execution.status), () => ({
          found: `${fixture.name}.json, with ${change}, has the status ${shown(execution.status)}.`,
          expected: `one of ${executionStatuses.join(", ")}`,
          why: "Users' code switches over these ten words.",
        }))
      }
    }
  },
}

/** Finds the change on which reading all of them failed. */
const nameChange = async (
  name: string,
  mutants: ReadonlyArray<Mutant>,
  read: (items: ReadonlyArray<Json>) => Promise<ReadItems>,
  error: unknown,
): Promise<never> => {
  for (const { mutant, change } of mutants) {
    await read([mutant]).catch((cause: unknown) => {
      const [said = ""] = cause instanceof Error ? cause.message.split("\n") : []
      throw new ContractViolation({
        found: `${name}.json, with ${change}: ${said}`,
        expected: "the item mapped, or rejected with a reason by the wire schema",
        why: "One malformed item must not cost the other 99.",
        cause,
      })
    })
  }
  throw error
}

interface Mutant {
  readonly mutant: Json
  readonly change: string
}

const mutantsOf = (item: Json): ReadonlyArray<Mutant> =>
  distinctValuesWithin([item])
    .filter(({ path }) => path.length <= 6)
    .flatMap(({ path, value }) =>
      replacementsOf(value).map((replacement) => ({
        mutant: withValue(item, path, replacement),
        change: changeText(path, replacement),
      })),
    )

const replacementsOf = (value: Json): ReadonlyArray<Json | undefined> => {
  const others: ReadonlyArray<Json> = ["", "surprise", 0.5, Number.MAX_VALUE, -1, true, [], {}]
  return [undefined, null, ...others.filter((other) => !isDeepStrictEqual(other, value))]
}

const changeText = (path: JsonPath, replacement: Json | undefined): string =>
  replacement === undefined
    ? `${pathText(path)} missing`
    : `${pathText(path)} set to ${JSON.stringify(replacement)}`

/** An execution without a status is not a success. */
export const noDefaultSuccess: FixtureCheck = {
  promise: "maps no missing status to succeeded",
  appliesTo,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const [execution] = (await read([item])).executions
      const word = execution?.providerStatus ?? null
      if (word === null) continue
      for (const replacement of [undefined, null]) {
        const { mapped, without } = await readWithWord(read, item, word, replacement)
        const isReported =
          mapped === undefined ||
          mapped.status === "unknown" ||
          ((mapped.status !== "succeeded" || execution?.status === "succeeded") &&
            (await isToldElsewhere(read, without)))
        holds(isReported, () => ({
          found: `${fixture.name}.json: without its status word, an execution has the status "${mapped?.status}".`,
          expected: "unknown, a rejected item, or the status of another field",
          why: "A success that nobody reported hides a failure.",
        }))
      }
    }
  },
}

/**
 * Reads an item with another value in place of its status word. If the provider has two status words, also
 * replaces the one that the adapter falls back to.
 */
const readWithWord = async (
  read: Samples["read"],
  item: Json,
  word: string | null,
  replacement: Json | undefined,
): Promise<{ readonly mapped: Execution | undefined; readonly without: Json }> => {
  const replaced = [...valuesWithin(item)]
    .filter(({ value }) => value === word)
    .reduce((mutant, { path }) => withValue(mutant, path, replacement), item)
  const [mapped] = (await read([replaced])).executions
  const other = mapped?.providerStatus ?? null
  const isOther =
    other !== null &&
    other !== replacement &&
    other !== word &&
    [...valuesWithin(replaced)].some(({ value }) => value === other)
  return isOther ? readWithWord(read, replaced, other, replacement) : { mapped, without: replaced }
}

/** Whether the status of an item without a status word comes from one other field, without which it is unknown. */
const isToldElsewhere = async (read: Samples["read"], item: Json): Promise<boolean> => {
  const mutants = [...valuesWithin(item)]
    .filter(({ path }) => path.length === 1)
    .map(({ path }) => withValue(item, path, undefined))
  for (const mutant of mutants) {
    const [mapped] = (await read([mutant])).executions
    if (mapped?.status === "unknown") return true
  }
  return false
}
