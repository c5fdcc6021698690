// Composes docs/faults.md from the results of each adapter's fault suite.
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Where the page stands. */
export const faultPagePath = join(root, "docs", "faults.md")

/**
 * The results of one adapter's suite.
 *
 * @typedef {object} Seen
 * @property {string} title
 * @property {string[]} routes
 * @property {{ group: string, fault: string, outcomes: string[] }[]} faults
 */

/**
 * Every adapter that has a fault suite, by name.
 *
 * @returns {Seen[]}
 */
export const readSeen = () =>
  globSync("packages/adapters/*/test/__snapshots__/faults.json", { cwd: root })
    .toSorted()
    .map((path) => JSON.parse(readFileSync(join(root, path), "utf8")))

const introduction = `# Faults

What execlog does when a provider's server misbehaves. Each fault below is tried on each endpoint of each adapter.

The simulator holds 24 executions. A proxy on loopback in front of it commits one fault over real sockets: a status, a reset, a silence, a redirect, another body. A list is read to its end in pages of 6; the second request is the first to fail, so that the first page has been returned. Time is a test clock that advances only when everything else waits for it: back-off, Retry-After, \`timeoutMs\` (2 s here) and \`deadlineMs\` (15 s) behave as in real time, and nothing sleeps.

Each cell shows the outcome. The suite checks the following for each:

- **recovered**, **given**: every execution was returned exactly once; the fields of a changed item have the values that the provider sent.
- **item rejected**, **items rejected**: the item is in \`rejected\`, once, with a reason; all others were returned exactly once. An execution made of several events may still be returned from the other events.
- **left out, with a warning**: a joined endpoint could not be read; every execution was returned exactly once without it, and a warning names the request.
- **RateLimited**, **Unavailable**, **Timeout**, **Transport**, **TooLarge**, **Decode**, **NotFound**: one AdapterError with that reason, the HTTP status, a message that names the request, and a suitable hint. If the provider asks for a wait beyond the deadline, the error comes at once.
- **does not apply**: why the fault cannot happen at the endpoint.

Nothing takes longer than the deadline. Afterwards no socket is open, no timer or fibre is running, and no other origin has received anything. The server repeats the key in bodies, headers and redirects, yet the key appears in no execution, error, warning, cursor, log line, span or console output.

\`pnpm faults\` runs the suites and generates this page; \`npm test\` fails if a suite has another outcome than the page. To run one fault: \`pnpm test:run test/Faults.test.ts -t "a burst of 503"\`.

## Large numbers

JSON does not limit numbers, but JavaScript does: \`JSON.parse\` silently changes the last digits of integers beyond 2^53 − 1. execlog therefore returns them as strings of their digits, \`"9007199254740993"\`, in \`raw\`, \`inputs\`, \`outputs\`, \`attributes\` and ids; such a string is a valid id of the provider. An item with one in a numeric field is rejected. Numeric ids are accepted only if the adapter declares that its provider sends them. All other numbers are as \`JSON.parse\` reads them. A number too large for JavaScript, such as 1e400, is read as Infinity: the item is rejected if the field is numeric, and returned if the field may be any JSON.
`

/**
 * The page over what the suites saw.
 *
 * @param {readonly Seen[]} seen
 */
export const composeFaultPage = (seen) => {
  const columns = seen.flatMap(({ title, routes }) =>
    routes.map((route) => `${title} \`${route}\``),
  )
  const [first] = seen
  if (first === undefined) throw new Error("No adapter has a fault suite that ran.")
  const groups = [...new Set(first.faults.map(({ group }) => group))]
  const tables = groups.map((group) => {
    const rows = first.faults
      .filter((row) => row.group === group)
      .map(({ fault }) => [fault, ...seen.flatMap((adapter) => outcomesOf(adapter, fault))])
    return `## ${group}\n\n${table([["", ...columns], ...rows])}`
  })
  return [introduction, ...tables].join("\n")
}

/**
 * @param {Seen} adapter
 * @param {string} fault
 */
const outcomesOf = ({ title, faults }, fault) => {
  const row = faults.find((candidate) => candidate.fault === fault)
  if (row === undefined) throw new Error(`${title} was not tried with "${fault}": run pnpm faults`)
  return row.outcomes
}

/**
 * A table as the formatter would write it.
 *
 * @param {readonly string[][]} rows
 */
const table = (rows) => {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll(/[\\_*|]/g, String.raw`\$&`)))
  const [head = [], ...rest] = escaped
  const widths = head.map((_, column) =>
    Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0)),
  )
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`
  return [line(head), rule, ...rest.map(line)].join("")
}
