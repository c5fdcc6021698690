import { terminalText } from "../../text/TerminalText.js"
import type { RecordReport } from "./Report.js"

/** The text of the reports, for people: each file with its requests, changes and suspicions. */
export const recordedText = (reports: ReadonlyArray<RecordReport>): string =>
  reports
    .flatMap((report) => [
      `${report.file}  ${report.bytes} bytes, ${counted(report.executions, "executions")}: ${report.what}`,
      ...report.requests.map((request) => `  ${request}`),
      ...maskedLine(report),
      ...report.differences.map(
        ({ route, path, change, before, after }) =>
          `  ${change.padEnd(8)}  ${route === null ? "" : `${route}  `}${path === "" ? "the whole response" : path}: ${before ?? "nothing"} → ${after ?? "nothing"}`,
      ),
      ...report.suspicions.map(
        ({ kind, place, shown }) => `  looks like a ${kind}  ${place}: ${shown}`,
      ),
    ])
    .map((line) => `${terminalText(line)}\n`)
    .join("")

const maskedLine = ({ masked }: RecordReport): ReadonlyArray<string> => {
  const kinds = ["addresses", "names", "values", "hosts"] as const
  const parts = kinds.filter((kind) => masked[kind] > 0)
  return parts.length === 0
    ? []
    : [`  masked    ${parts.map((kind) => counted(masked[kind], kind)).join(", ")}`]
}

const counted = (count: number, what: keyof typeof singular): string =>
  `${count} ${count === 1 ? singular[what] : what}`

const singular = {
  executions: "execution",
  addresses: "address",
  names: "name",
  values: "value",
  hosts: "host",
} as const
