import { mkdtemp, rm } from "node:fs/promises"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { type Answered, runAnswers } from "./AnswerProcess.js"
import { writeBombs } from "./GzipBombs.js"

const leastAnswers = 20_000
/** The same responses each time: a finding of another seed would not be due to the current change. */
const usualSeed = 1_390_063_845
// Half of the time is spent waiting.
const processesOfProcessor = 2
const casesOfProcess = 100

it(
  "survives every hostile response in list, get, sync, follow and export",
  { timeout: 3_600_000 },
  async () => {
    const seed = Number(process.env["EXECLOG_PROOF_SEED"] ?? usualSeed)
    console.log(`EXECLOG_PROOF_SEED=${seed}`)
    const bombs = await mkdtemp(join(tmpdir(), "execlog-bombs-"))
    writeBombs(bombs)
    const all: Array<Answered> = []
    const answers = () => all.reduce((sum, one) => sum + one.answers, 0)
    let begun = 0
    const lane = async (): Promise<void> => {
      while (answers() < leastAnswers) {
        const to = (begun += casesOfProcess)
        let from = to - casesOfProcess
        while (from < to) {
          const done = await runAnswers({ seed, from, to, bombs })
          for (const finding of done.findings) console.log(finding)
          all.push(done)
          from = done.reached
        }
      }
    }
    await Promise.all(
      Array.from({ length: processesOfProcessor * Math.min(2, availableParallelism()) }, lane),
    )
    const mostResident = all.reduce((most, one) => Math.max(most, one.mostResident), 0)
    const longestMs = all.reduce((most, one) => Math.max(most, one.longestMs), 0)
    console.log(
      `${answers()} hostile answers in ${begun} cases: at most ${mostResident} MB resident, and ${longestMs} ms of a processor for one`,
    )
    await rm(bombs, { recursive: true })
    expect(all.flatMap(({ findings }) => findings)).toEqual([])
  },
)
