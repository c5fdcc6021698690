// What docs/faults.md says, composed of what the fault suite of each adapter saw.
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Where the page stands. */
export const faultPagePath = join(root, "docs", "faults.md")

/**
 * What one adapter's suite saw.
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

What execlog does when a provider's server misbehaves: each fault below is tried on each endpoint of each adapter.

The simulator holds 24 executions. Before it stands a server on loopback that commits one fault over real sockets: a status, a reset, a silence, a redirect, another body. A list is read to its end in pages of 6; its second request is the first that goes wrong, so that something was given before. Time is a test clock that moves only while nobody but the clock can go on: back-off, Retry-After, \`timeoutMs\` (2 s here) and \`deadlineMs\` (15 s) pass as they would, and nothing sleeps.

Each cell says what came of it, and each is checked for all of this:

- **recovered**, **given**: every execution was given exactly once; of the item that was changed, the fields say what the provider sent.
- **item rejected**, **items rejected**: the item is among \`rejected\`, once, with a reason; all others were given exactly once. An execution made of several events may still be given for the others.
- **left out, with a warning**: what is asked beside a list could not be had; every execution was given exactly once without it, and a warning names what was asked.
- **RateLimited**, **Unavailable**, **Timeout**, **Transport**, **TooLarge**, **Decode**, **NotFound**: one AdapterError of that reason, with the HTTP status, a message that says what was asked, and a hint that fits. Where the provider asks for a wait that would outlast the deadline, it comes at once.
- **does not apply**: why the fault cannot befall the endpoint.

Nothing takes longer than the deadline. Afterwards no socket is open, no timer runs and no fibre is left, and another origin has received nothing. The key, which the server repeats in bodies, headers and redirects, stands in no execution, error, warning, cursor, log line, span or line on the console.

\`pnpm faults\` runs the suites and writes this page; \`npm test\` fails where a suite sees something else than the page says. One fault alone: \`pnpm test:run test/faults.test.ts -t "a burst of 503"\`.

## Large numbers

JSON has no limit for numbers and JavaScript has: \`JSON.parse\` changes the last digits of integers beyond 2^53 − 1 before anybody can see them. So they come as texts of their digits, \`"9007199254740993"\`, in \`raw\`, \`inputs\`, \`outputs\` and \`attributes\`, and in ids, where such a text is an id of the provider's. An item with one where a number is used is rejected. Ids that are numbers are read only where the adapter declares that its provider sends them. All other numbers are given as \`JSON.parse\` reads them. A number beyond all of JavaScript's, such as 1e400, is read as Infinity: the item is rejected where a number is used, and given where any JSON may stand.
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
