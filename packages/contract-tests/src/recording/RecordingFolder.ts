import { type Json, parseJson } from "@execlog/core"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { isArray, isObject } from "../JsonPath.js"
import type { RecordedFixture } from "./RecordedFixture.js"
import { type ShapeDifference, shapeDifferences } from "./ShapeDifference.js"

/** A recorded fixture beside the file of its name. */
export interface ComparedFixture extends RecordedFixture {
  readonly file: string
  /** How its answers differ in shape from those of the file; null where there is no such file. */
  readonly differences: ReadonlyArray<ShapeDifference> | null
}

/** Holds recorded fixtures against the files of a folder. */
export const compareWithFolder = (
  fixtures: ReadonlyArray<RecordedFixture>,
  folder: string,
): Promise<ReadonlyArray<ComparedFixture>> =>
  Promise.all(
    fixtures.map(async (fixture) => {
      const file = join(folder, `${fixture.name}.json`)
      const earlier = await textOf(file)
      return {
        ...fixture,
        file,
        differences: earlier === null ? null : differencesOf(earlier, fixture),
      }
    }),
  )

/** Writes fixtures. Each file is there whole or not at all. */
export const writeFixtures = async (
  fixtures: ReadonlyArray<ComparedFixture>,
  folder: string,
): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const { file, text } of fixtures) {
    const unfinished = `${file}.${process.pid}.tmp`
    await writeFile(unfinished, text)
    await rename(unfinished, file)
  }
}

const textOf = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, "utf8")
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
    throw error
  }
}

const differencesOf = (
  earlier: string,
  { answers, statuses }: RecordedFixture,
): ReadonlyArray<ShapeDifference> => {
  const exchanges = exchangesOf(parseJson(earlier))
  const before = [...new Set(exchanges.map(({ status }) => status))].join(", ")
  const after = [...new Set(statuses)].join(", ")
  const answered = exchanges.map(({ response }) => response ?? null)
  return [
    ...(before === after
      ? []
      : [{ path: "(HTTP status)", change: "changed" as const, before, after }]),
    ...shapeDifferences(answered, answers),
  ]
}

/** What a file that may be anything holds of exchanges. */
const exchangesOf = (fixture: Json | undefined) => {
  const exchanges = isObject(fixture) ? fixture["exchanges"] : []
  return (isArray(exchanges) ? exchanges : []).filter(isObject)
}
