import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { Task } from "./answerer.js"

/** The result of a process that received hostile responses. */
export interface Answered {
  readonly answers: number
  /** The case at which it stopped; the one after the last if it finished. */
  readonly reached: number
  readonly findings: ReadonlyArray<string>
  /** In megabytes. */
  readonly mostResident: number
  /** The longest processor time for one response, in milliseconds. */
  readonly longestMs: number
}

const heapMegabytes = 512
// The heap, memory outside it such as received responses, and the program.
const mostResidentMegabytes = 1024
// Processor time, because the machine may be busy.
const longestAnswerMs = 10_000
// No case waits this long for anything.
const longestSilenceMs = 120_000
const pauseMs = 50

/** Runs cases in a process with little memory, and kills it if it uses too much memory or time. */
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
  let lastLineAt = Date.now()
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
    if (Date.now() - lastLineAt > longestSilenceMs) end(`nothing for ${longestSilenceMs} ms`)
  }, pauseMs)
  const closed = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? String(code)))
  })
  for await (const line of createInterface({ input: child.stdout })) {
    lastLineAt = Date.now()
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
  // The case that killed it is not repeated.
  const next = ended === "0" ? task.to : reached + 1
  return { answers, reached: next, findings, mostResident, longestMs }
}

/** Empty outside Linux, where only the heap limit and the clock guard the process. */
const procText = (pid: number | undefined, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}

const residentMegabytes = (pid: number | undefined): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(procText(pid, "status"))?.[1] ?? 0) / 1024)

const tickMs = 10

/** User and system time: the 12th and 13th numbers after the process name. */
const processorMs = (pid: number | undefined): number => {
  const numbers = procText(pid, "stat").split(") ").at(-1)?.split(" ") ?? []
  return (Number(numbers[11] ?? 0) + Number(numbers[12] ?? 0)) * tickMs
}
