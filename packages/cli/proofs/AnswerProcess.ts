import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { Task } from "./answerer.js"

/** What a process that was given hostile answers came to. */
export interface Answered {
  readonly answers: number
  /** The case at which it ended: that behind the last, where it came to its end. */
  readonly reached: number
  readonly findings: ReadonlyArray<string>
  /** In megabytes. */
  readonly mostResident: number
  /** The most that one answer took of a processor, in milliseconds. */
  readonly longestMs: number
}

const heapMegabytes = 512
// The heap, what is not in it, such as an answer that is received, and the program.
const mostResidentMegabytes = 1024
// Of a processor: the machine may have more to do.
const longestAnswerMs = 10_000
// It waits for nothing that does not come.
const longestSilenceMs = 120_000
const pauseMs = 50

/** Runs cases in a process with little memory, and ends it where it takes too much or too long. */
export const runAnswers = async (task: Task): Promise<Answered> => {
  const file = fileURLToPath(new URL("./answerer.ts", import.meta.url))
  const flags = [`--max-old-space-size=${heapMegabytes}`]
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  const said = text(child.stderr)
  const findings: Array<string> = []
  let answers = 0
  let reached = task.from
  let at = ""
  let told = Date.now()
  let usedBefore = 0
  let longestMs = 0
  let mostResident = 0
  let isBeingEnded = false
  const end = (why: string): void => {
    if (isBeingEnded) return
    isBeingEnded = true
    findings.push(`${why} in ${at}`)
    child.kill("SIGKILL")
  }
  const watch = setInterval(() => {
    mostResident = Math.max(mostResident, residentMegabytes(child.pid))
    if (mostResident > mostResidentMegabytes) end(`${mostResident} MB are resident`)
    const used = processorMs(child.pid) - usedBefore
    longestMs = Math.max(longestMs, used)
    if (used > longestAnswerMs) end(`more than ${longestAnswerMs} ms of a processor`)
    if (Date.now() - told > longestSilenceMs) end(`nothing for ${longestSilenceMs} ms`)
  }, pauseMs)
  const closed = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? String(code)))
  })
  for await (const line of createInterface({ input: child.stdout })) {
    told = Date.now()
    usedBefore = processorMs(child.pid)
    const [step, first, second] = line.split(" ")
    if (step === "case") at = line
    if (step === "answer") at = `${at}, ${line.slice("answer ".length)}`
    if (step === "found") findings.push(`${line.slice("found ".length)} in ${at}`)
    if (step !== "done") continue
    reached = Number(first) + 1
    answers = Number(second)
  }
  const ended = await closed
  clearInterval(watch)
  if (!isBeingEnded && ended !== "0") findings.push(`it ended by ${ended} in ${at}: ${await said}`)
  // What it died of is not tried again.
  const next = ended === "0" ? task.to : reached + 1
  return { answers, reached: next, findings, mostResident, longestMs }
}

/** Where the system does not tell, as none does but Linux, the heap's limit and the clock are the watch. */
const toldOf = (pid: number | undefined, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}

const residentMegabytes = (pid: number | undefined): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(toldOf(pid, "status"))?.[1] ?? 0) / 1024)

const tickMs = 10

/** Of its own and of the system's for it: the 12th and 13th number behind its name. */
const processorMs = (pid: number | undefined): number => {
  const numbers = toldOf(pid, "stat").split(") ").at(-1)?.split(" ") ?? []
  return (Number(numbers[11] ?? 0) + Number(numbers[12] ?? 0)) * tickMs
}
