import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type AnswerDifference, answerDifferences } from "./AnswerDifference.js"
import type { RecordedFixture } from "./RecordedFixture.js"

/** A recorded fixture, compared with the existing file of its name. */
export interface ComparedFixture extends RecordedFixture {
  readonly file: string
  /** How its responses differ in shape from the file; null if there is no such file. */
  readonly differences: ReadonlyArray<AnswerDifference> | null
}

/** Compares recorded fixtures with the files of a folder. */
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
        differences: earlier === null ? null : answerDifferences(earlier, fixture.text),
      }
    }),
  )

/**
 * Writes fixtures readable by their owner alone, since responses contain personal data. Files are written
 * atomically; a replaced file keeps its mode.
 */
export const writeFixtures = async (
  fixtures: ReadonlyArray<ComparedFixture>,
  folder: string,
): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const { file, text } of fixtures) {
    const unfinished = `${file}.${process.pid}.tmp`
    await rm(unfinished, { force: true })
    const there = await stat(file).catch(() => null)
    await writeFile(unfinished, text, { flag: "wx", mode: 0o600 })
    if (there !== null) await chmod(unfinished, there.mode & 0o777)
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
