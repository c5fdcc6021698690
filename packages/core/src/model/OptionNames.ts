import { AdapterError } from "./AdapterError.js"
import { nearestWord } from "./NearestWord.js"
import { queryParts } from "./QueryParts.js"

/** What a name is given to: the options of a method, or a query. */
export type Method = "createClient" | "executions" | "pages" | "get" | "getMany" | "follow" | "sync"

const listeners = ["onRejected", "onWarning"] as const
const ofPages = ["cursor", "parallelWindows", "listedSince"] as const

/** The names that each method takes. `executions` stands for `entries` as well. */
export const optionNames: { readonly [method in Method]: ReadonlyArray<string> } = {
  createClient: ["name", "transport", "redact", "fetch"],
  executions: ["limit", ...ofPages, "details", ...listeners, "signal"],
  pages: [...ofPages, "signal"],
  get: ["include", "onWarning", "signal"],
  getMany: ["include", "signal"],
  follow: ["intervalMs", "since", "lookBackMs", "staleAfterMs", "details", ...listeners, "signal"],
  sync: [
    "since",
    "full",
    "newOnly",
    "include",
    "pageSize",
    "lookBackMs",
    "staleAfterMs",
    "recheckFailedForMs",
    "details",
    "onProgress",
    "onWarning",
    "signal",
  ],
}

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

/** What other libraries call these, in lower case. */
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

/** Refuses an option that a method does not know, and says where it belongs. Throws `InvalidQuery`. */
export const checkOptionNames = (method: Method, options: object | undefined): void => {
  const known = optionNames[method]
  const unknown = givenNames(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new AdapterError({
    reason: method === "createClient" ? "InvalidSettings" : "InvalidQuery",
    message: `${method} has no option "${unknown}".`,
    operation: method === "createClient" ? "settings" : "query",
    subject: { kind: "option", name: unknown },
    hint: {
      code: "other_name",
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
  if (queryParts.some((part) => part === meant)) {
    return `${meant} is a part of the query: executions({ ${meant} }).`
  }
  if (transportNames.includes(meant)) {
    return `${meant} is a transport setting: createClient(connection, { transport: { ${meant} } }).`
  }
  if (optionNames.createClient.includes(meant)) {
    return `${meant} is an option of the client: createClient(connection, { ${meant} }).`
  }
  return optionNames.executions.includes(meant)
    ? `${meant} is an option: executions(query, { ${meant} }).`
    : otherwise
}
