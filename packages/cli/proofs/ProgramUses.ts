import { runProgram } from "../dist/RunProgram.js"
import { makeNotices } from "../dist/session/Notices.js"
import type { Case } from "./Case.ts"

const followedMs = 300

/** Calls of the program, by name. */
export const programUses: { readonly [name: string]: ReadonlyArray<string> } = {
  "list as a table": ["list", "--limit", "100", "--format", "table"],
  "list as JSON": ["list", "--limit", "100", "--format", "json", "--include", "steps,raw"],
  "list as CSV": ["list", "--limit", "100", "--format", "csv", "--include", "inputs,outputs"],
  "list with details": ["list", "--limit", "20", "--details", "all", "--format", "ndjson"],
  "get as a table": ["get", "1", "--format", "table", "--include", "raw"],
  "get as JSON": ["get", "1", "--format", "json"],
  stats: ["stats", "--by", "workflow", "--format", "table"],
  "export as Parquet": ["export", "--output", "executions.parquet", "--include", "inputs,outputs"],
  "export as CSV": ["export", "--output", "executions.csv"],
  "export as NDJSON": ["export", "--output", "executions.ndjson", "--include", "raw"],
  sync: ["sync", "--include", "steps,raw", "--details", "failed", "--format", "table"],
  "list of the store": ["list", "--stored", "--limit", "100", "--format", "table"],
  "export of the store": ["export", "--stored", "--output", "stored.csv"],
  follow: ["follow", "--since", "30d", "--interval", "1s", "--format", "table"],
  "follow a store": [
    "follow",
    "--stored",
    "--since",
    "30d",
    "--interval",
    "1s",
    "--format",
    "json",
  ],
}

const noProgress = { show: () => {}, clear: () => {}, stop: () => {} }

/** Calls the program in this process, on a terminal of 80 columns; returns output that must not appear. */
export const callProgram = async (
  args: ReadonlyArray<string>,
  { folder, shows }: Case,
): Promise<string | null> => {
  const out: Array<string> = []
  let said = ""
  await runProgram([process.execPath, "execlog", ...args], {
    directory: folder,
    environment: { PATH: process.env["PATH"] },
    script: "execlog",
    args,
    interruption:
      args[0] === "follow" ? AbortSignal.timeout(followedMs) : new AbortController().signal,
    termination: () => new AbortController().signal,
    output: {
      isTerminal: true,
      columns: 80,
      hasColors: false,
      write: async (data) => {
        out.push(Buffer.from(data).toString("utf8"))
      },
    },
    notices: makeNotices(
      {
        on: () => {},
        write: (text) => {
          said += text
        },
      },
      noProgress,
    ),
    end: () => {},
  })
  const written = out.join("")
  shows("what is said", said)
  shows("what is written", written)
  if (said.includes("Unexpected error")) return said
  return hasControl(said) || hasControl(written) ? "a character that steers a terminal" : null
}

/** Whether a text contains control characters that a terminal would obey. */
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text.replaceAll(/[\t\n]/g, ""))
