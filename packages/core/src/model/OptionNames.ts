import { AdapterError } from "./AdapterError.js"
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
  executions: ofExecutions,
  pages: [...ofPages, "signal"],
  page: ["signal"],
  get: ofGet,
  getMany: ["include", "signal"],
  complete: ["details", "include", "signal"],
  reread: ["signal"],
  follow: ofFollow,
  "log.executions": [...ofExecutions, "onFailure"],
  "log.pages": ["cursor", "signal"],
  "log.page": ["signal"],
  "log.get": [...ofGet, "connection"],
  "log.follow": [...ofFollow, "onFailure"],
} as const satisfies { readonly [method: string]: ReadonlyArray<string> }

/** A method of a client or of a log. */
export type Method = keyof typeof optionNames

const transportNames = [
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

/** Checks the names of the options of a core method. Throws `InvalidQuery`, or `InvalidSettings`. */
export const checkOptions = (method: Method, options: object | undefined): void =>
  checkOptionNames(method, options, optionNames[method])

/**
 * Checks the names of options; the hint says where an unknown one belongs. Throws `InvalidQuery`, for
 * `createClient` `InvalidSettings`.
 */
export const checkOptionNames = (
  method: string,
  options: object | undefined,
  known: ReadonlyArray<string>,
): void => {
  const unknown = givenNames(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new AdapterError({
    reason: method === "createClient" ? "InvalidSettings" : "InvalidQuery",
    message: `${method} has no option "${unknown}".`,
    operation: method === "createClient" ? "settings" : "query",
    subject: { kind: "option", name: unknown },
    hint: {
      code: "change_name",
      text: placeOf(unknown, known, `Its options are ${listOf(known)}.`),
    },
  })
}

/** Where a name belongs that is no part of a query; null where every name given is one. */
export const unknownPart = (
  query: object,
): { readonly name: string; readonly hint: string } | null => {
  const unknown = givenNames(query).find((name) => !queryParts.some((part) => part === name))
  return unknown === undefined
    ? null
    : {
        name: unknown,
        hint: placeOf(unknown, queryParts, `Its parts are ${listOf(queryParts)}.`),
      }
}

const givenNames = (given: object | undefined): ReadonlyArray<string> =>
  Object.entries(given ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]))

const listOf = (names: ReadonlyArray<string>): string => names.join(", ")

const placeOf = (name: string, here: ReadonlyArray<string>, otherwise: string): string => {
  const meant = Object.hasOwn(synonyms, name.toLowerCase())
    ? (synonyms[name.toLowerCase()] ?? name)
    : name
  const near = here.includes(meant) ? meant : nearestWord(name, here)
  if (near !== null) return `Did you mean ${near}?`
  if (meant === "cursor") {
    return "A cursor is an option of executions, entries and pages, and the second argument of page: page(query, cursor)."
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
