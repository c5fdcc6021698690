import { nearestWord } from "./NearestWord.js"
import { queryParts } from "./QueryParts.js"

const listeners = ["onRejected", "onWarning"] as const
const ofPages = ["cursor", "parallelWindows", "listedSince"] as const
const ofExecutions = ["limit", ...ofPages, "details", ...listeners, "signal"] as const
const ofGet = ["include", "onWarning", "signal"] as const
const ofFollow = [
  "intervalMs",
  "since",
  "lookBackMs",
  "staleAfterMs",
  "details",
  ...listeners,
  "signal",
] as const

/**
 * The names of the options that each method of a client takes, and of a log. `executions` stands for
 * `entries` as well.
 */
export const optionNames = {
  createClient: ["name", "transport", "redact", "fetch"],
  createLog: [],
  executions: ofExecutions,
  pages: [...ofPages, "signal"],
  page: ["signal"],
  get: ofGet,
  getMany: ["include", "signal"],
  complete: ["details", "include", "signal"],
  reread: ["signal"],
  follow: ofFollow,
  "log.prepare": ["onFailure"],
  "log.executions": [...ofExecutions, "onFailure"],
  "log.pages": ["cursor", "signal"],
  "log.page": ["signal"],
  "log.get": [...ofGet, "connection"],
  "log.follow": [...ofFollow, "onFailure"],
} as const satisfies { readonly [method: string]: ReadonlyArray<string> }

/** A method of a client or of a log. */
export type Method = keyof typeof optionNames

/** An option of one of these methods. */
export type OptionName = (typeof optionNames)[Method][number]

/** The settings of the transport. */
export const transportNames = [
  "timeoutMs",
  "deadlineMs",
  "retries",
  "requestsPerSecond",
  "maxInFlight",
  "maxBodyBytes",
  "allowHttp",
  "headers",
]

/** The names of these options in other libraries, in lower case. */
const synonyms: { readonly [name: string]: string } = {
  maxitems: "limit",
  maxresults: "limit",
  max: "limit",
  take: "limit",
  count: "limit",
  first: "limit",
  workflow: "workflowId",
  actor: "actorId",
  user: "actorId",
  statuses: "status",
  tags: "tag",
  from: "since",
  after: "since",
  start: "since",
  to: "until",
  before: "until",
  end: "until",
  size: "pageSize",
  perpage: "pageSize",
  query: "search",
  sort: "order",
  includes: "include",
  interval: "intervalMs",
  abortsignal: "signal",
  timeout: "timeoutMs",
  concurrency: "parallelWindows",
}

/** A name that is not a part of a query, with a hint; null if all names are. */
export const unknownPart = (
  query: object,
): { readonly name: string; readonly hint: string } | null => {
  const unknown = givenNames(query).find((name) => !queryParts.some((part) => part === name))
  return unknown === undefined
    ? null
    : {
        name: unknown,
        hint: hintOfName(unknown, queryParts, `Its parts are ${listOf(queryParts)}.`),
      }
}

/** The names of the options that are given: whose value is not `undefined`. */
export const givenNames = (given: object): ReadonlyArray<string> =>
  Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))

/** Names as a text. */
export const listOf = (names: ReadonlyArray<string>): string => names.join(", ")

/** The hint for an unknown name: a similar one, or where it belongs. */
export const hintOfName = (
  name: string,
  here: ReadonlyArray<string>,
  otherwise: string,
): string => {
  const meant = Object.hasOwn(synonyms, name.toLowerCase())
    ? (synonyms[name.toLowerCase()] ?? name)
    : name
  const near = here.includes(meant) ? meant : nearestWord(name, here)
  if (near !== null) return `Did you mean ${near}?`
  if (meant === "cursor") {
    return "A cursor is an option of executions, entries and pages, and an argument of page: page(query, cursor), or page(cursor) of a prepared query."
  }
  if (listeners.some((listener) => listener === meant)) {
    return `${meant} is an option of executions; a page holds its rejected items and warnings.`
  }
  if (queryParts.some((part) => part === meant)) {
    return `${meant} is a part of the query: executions({ ${meant} }).`
  }
  if (transportNames.includes(meant)) {
    return `${meant} is a transport setting: createClient(connection, { transport: { ${meant} } }).`
  }
  if (optionNames.createClient.some((option) => option === meant)) {
    return `${meant} is an option of the client: createClient(connection, { ${meant} }).`
  }
  return ofExecutions.some((option) => option === meant)
    ? `${meant} is an option of executions: executions(query, { ${meant} }).`
    : otherwise
}
