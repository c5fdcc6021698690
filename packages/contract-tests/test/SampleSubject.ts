import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { pathToFileURL } from "node:url"
import type { Connection } from "@execlog/core/adapter"
import { afterAll } from "vitest"
import {
  adapterChecks,
  type FixtureCheck,
  fixtureChecks,
  loadFixtures,
  makeSubject,
} from "../src/index.js"
import type { AdapterUnderTest, Subject } from "../src/kit/Subject.js"
import { sample } from "./SampleAdapter.js"
import { recordFixtures } from "./SampleServer.js"

export const settings = { apiKey: "canary-sample-1" }

const folders: Array<URL> = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

/** Fixtures of a connection, in a folder that goes when the tests end. */
export const recordedBy = async (connection: Connection): Promise<URL> => {
  const folder = pathToFileURL(`${await mkdtemp(`${tmpdir()}/execlog-contract-`)}/`)
  folders.push(folder)
  await recordFixtures(connection, folder)
  return folder
}

/** Fixtures that the sound adapter recorded. */
export const soundFolder = await recordedBy(sample(settings))

const module = new URL("./SampleAdapter.ts", import.meta.url)

export const subjectOf = async (
  adapter: AdapterUnderTest,
  fixtures = soundFolder,
): Promise<Subject> => makeSubject({ adapter, fixtures, module }, await loadFixtures(fixtures))

export type Checks = typeof adapterChecks & typeof fixtureChecks

/** Runs one check over everything that it goes for. */
export const run = async (name: keyof Checks, subject: Subject): Promise<void> => {
  if (name in adapterChecks) return adapterChecks[name as keyof typeof adapterChecks].run(subject)
  const check: FixtureCheck = fixtureChecks[name as keyof typeof fixtureChecks]
  for (const fixture of subject.fixtures) {
    if (check.appliesTo(subject, fixture)) await check.run(subject, fixture)
  }
}
