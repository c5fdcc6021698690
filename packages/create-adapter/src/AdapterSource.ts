import type { AdapterDraft } from "./AdapterDraft.js"
import type { AuthStyle } from "./Choices.js"
import { payloadRoles, secondsFunction } from "./MappingParts.js"
import { paginationSource } from "./PagingStyle.js"
import { access, call, keyOf, object, quoted } from "./Source.js"
import { statusesOf } from "./StatusWords.js"
import { timeFunctions } from "./TimeSource.js"
import type { Todo } from "./Todo.js"
import { triggerKindOf } from "./TriggerWords.js"

/** The source of `src/<name>.ts`. */
export const adapterSource = (draft: AdapterDraft): string => {
  const { choices, constant, item, get } = draft
  const body = object([
    `id: ${quoted(choices.id)}`,
    `title: ${quoted(choices.title)}`,
    settings(draft),
    "baseUrl: (config) => config.baseUrl",
    `auth: ${authSource(choices.auth)}`,
    statuses(draft),
    list(draft),
    ...(get === null ? [] : [getSource(draft)]),
    problem,
  ])
  const usesMapping = get?.isLikeList === true
  const triggers = new Set([...item.triggerWords, ...(get?.draft.triggerWords ?? [])])
  const times = new Set([...item.times, ...(get?.draft.times ?? [])])
  const declarations = [
    ...(usesMapping
      ? [
          "/** What an item of the list and the answer of `get` share. */\n" +
            `const execution = (item: Item) => (${object(item.mapping)})`,
        ]
      : []),
    ...timeFunctions(times),
    ...([body, ...item.mapping].some(isInSeconds) ? [secondsFunction.declaration] : []),
    ...(hasTrigger(draft) ? [triggerKinds(triggers)] : []),
    ...statements(draft).map(({ where, what }) => call("todo", [quoted(where), quoted(what)], 0)),
  ]
  const source = `/**
 * ${choices.title}: the executions of one account.
 *
 * @example
 * const client = createClient(${constant}(${exampleSettings(choices.auth, choices.id)}))
 */
export const ${constant} = Adapter.make(${body})
${declarations.map((declaration) => `\n${declaration}\n`).join("")}`
  return `${imports(draft, source)}\n${source}`
}

/** The environment variable in which the command line looks for the key. */
export const keyVariable = (id: string): string =>
  `${id.replaceAll("-", "_").toUpperCase()}_API_KEY`

const exampleSettings = (auth: AuthStyle, id: string): string =>
  auth.by === "none" ? "{}" : `{ apiKey: process.env.${keyVariable(id)} }`

const imports = (draft: AdapterDraft, source: string): string => {
  const names = ["Adapter", "Auth", "Filter", "Pagination", "parseInstant", "Setting"]
    .filter((name) => new RegExp(`\\b${name}\\b[.(]`).test(source))
    .concat(source.includes("TriggerKind>") ? ["type TriggerKind"] : [])
    .concat(source.includes("Wire.") ? ["Wire"] : [])
  const wire = ["Detail", "Item", "Items", "Problem"].filter(
    (name) => new RegExp(`(: |\\()${name}\\b`).test(source) && (name !== "Detail" || draft.get),
  )
  const line = `import { ${names.join(", ")} } from "@execlog/core"`
  const broken = `import {\n  ${names.join(",\n  ")},\n} from "@execlog/core"`
  return `${line.length <= 100 ? line : broken}
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { todo } from "./todo.js"
import { ${wire.join(", ")} } from "./wire.js"
`
}

const settings = ({ choices }: AdapterDraft): string => {
  const { title, auth, baseUrl } = choices
  const url = call(
    "Setting.url",
    [quoted("Address of the API"), `{ default: ${quoted(baseUrl)} }`],
    13,
  )
  return `settings: ${object([
    ...(auth.by === "none"
      ? []
      : [`apiKey: Setting.secret(${quoted(`API key of the ${title} account`)})`]),
    `baseUrl: ${url}`,
  ])}`
}

const authSource = (auth: AuthStyle): string => {
  switch (auth.by) {
    case "bearer":
      return "(config) => Auth.bearer(config.apiKey)"
    case "header":
      return `(config) => Auth.header(${quoted(auth.name)}, config.apiKey)`
    case "none":
      return "() => ({ headers: {} })"
  }
}

const statuses = ({ item, get, envelope, choices: { title } }: AdapterDraft): string => {
  const words = new Set(
    envelope === null ? [] : [...item.statusWords, ...(get?.draft.statusWords ?? [])],
  )
  const known = [...statusesOf([...words])].map(([word, status]) =>
    status === null
      ? `${keyOf(word)}: ${call(
          "todo",
          [
            quoted(`statuses.${word}`),
            quoted(
              `Say what ${quoted(word)} means: queued, running, waiting, succeeded, partial, failed, timed_out, canceled or skipped.`,
            ),
            quoted("unknown"),
          ],
          8 + word.length,
        )}`
      : `${keyOf(word)}: ${quoted(status)}`,
  )
  const seen = words.size === 0 ? "The sample shows no status." : ""
  const what =
    `${seen} Add the other words that the documents of ${title} have for a status, and check these.`.trim()
  return `statuses: ${call("todo", [quoted("statuses"), quoted(what), object(known)], 12)}`
}

const list = (draft: AdapterDraft): string => {
  const { choices, paging, item, envelope } = draft
  const path = choices.listPath ?? "/executions"
  const { title } = choices
  const route = quoted(`GET ${path}`)
  return `list: ${object([
    `route: ${
      choices.listPath === null
        ? todo(
            "list.route",
            `Write the path by which ${title} lists executions, here and in request below.`,
            route,
            9,
          )
        : route
    }`,
    `pagination: ${todo(
      "list.pagination",
      `Check the style of paging and the names of its parameters against the documents of ${title}.${
        paging.isNamed
          ? " Add keyset: true where the next page begins behind the last row, wherever that stands by then."
          : ""
      }${
        paging.info.includes("next") && !envelope?.next
          ? " The sample does not show how a page names the next one: give it as next in info."
          : ""
      }`,
      paginationSource(paging, envelope),
      14,
    )}`,
    `maxPageSize: ${todo("list.maxPageSize", `Write the largest page that ${title} gives.`, "100", 15)}`,
    time(draft),
    filters(draft),
    `request: ({ params }) => ({ method: "GET", path: ${quoted(path)}, query: params })`,
    "page: Items",
    `info: (page) => (${info(draft)})`,
    "item: Item",
    `itemId: (item) => ${item.id}`,
    draft.get?.isLikeList === true
      ? "toExecution: (item) => execution(item)"
      : `toExecution: (item) => (${object(item.mapping)})`,
  ])}`
}

const todo = (where: string, what: string, standIn: string, before: number): string =>
  call("todo", [quoted(where), quoted(what), standIn], before)

const info = ({ paging, envelope }: AdapterDraft): string => {
  const read = (path: ReadonlyArray<string>) => access("page", path, (part) => isOnTheWay(part))
  const isOnTheWay = (part: ReadonlyArray<string>) =>
    part.every((name, index) => envelope?.path[index] === name)
  const items = envelope === null ? "page.data" : read(envelope.path)
  const parts = paging.info.flatMap((name) => {
    if (name === "next") {
      return [`next: ${envelope?.next ? `${read(envelope.next.path)} ?? null` : "null"}`]
    }
    const path = envelope?.[name]
    return path ? [`${name}: ${read(path)}`] : []
  })
  return `{ ${[`items: ${items}`, ...parts].join(", ")} }`
}

const time = ({ item, envelope, paging, choices: { title } }: AdapterDraft): string => {
  const { listing, listedAt } = item
  const named = listing?.field.path.join(".") ?? ""
  const order =
    envelope === null || listing === null
      ? ""
      : listing.order === "newest"
        ? `The sample is in the order of ${named}, the newest first. `
        : listing.order === "oldest"
          ? `The sample is in the order of ${named}, but the oldest first: ask for the newest first in request. `
          : `The sample does not show whether ${title} lists by ${named}, the newest first: give the time by which it does. `
  const missing =
    "The sample holds no time that every item has: give the one by which the provider lists, or, where it lists by a number such as the id, that number with isSequence: true."
  return `time: ${object([
    listedAt === null
      ? `at: ${todo("list.time.at", missing, "() => 0", 10)}`
      : `at: (item) => ${listedAt}`,
    ...(listing?.isWholeSeconds === true && envelope !== null ? ["tick: 1000"] : []),
    `walk: ${todo(
      "list.time",
      `${order}Where the list takes bounds of this time, add before and after${paging.isCounted ? ' and walk by "windows"; otherwise keep "pages"' : ""}. Add delay where an execution may be listed later than it starts.`,
      quoted("pages"),
      12,
    )}`,
  ])}`
}

const filters = ({ item, choices: { title } }: AdapterDraft): string => {
  const ask = (name: string, what: string, standIn: string) =>
    `${name}: ${todo(`list.filters.${name}`, what, standIn, 10 + name.length)}`
  const pushed = `If ${title} filters by it, give Filter.provider((value) => ({ … })) with its parameter`
  return `filters: () => (${object([
    item.roles.has("workflowId")
      ? ask(
          "workflowId",
          `${pushed}; otherwise keep Filter.here, which filters what is read.`,
          "Filter.here",
        )
      : ask(
          "workflowId",
          `The sample tells no id of a workflow. ${pushed}; otherwise say here why it cannot be asked for.`,
          `Filter.unsupported(${quoted("its log does not name the workflow.")})`,
        ),
    ask(
      "actorId",
      `If the list tells who started an execution, map actor and give Filter.here. ${pushed}. Otherwise keep this.`,
      `Filter.unsupported(${quoted("its log does not tell who started an execution.")})`,
    ),
    ask(
      "status",
      `If ${title} filters by status, give Filter.words([…], (words) => ({ … })) with the words that its filter takes; otherwise keep Filter.here.`,
      "Filter.here",
    ),
    ask(
      "search",
      `If ${title} can search, give Filter.provider((text) => ({ … })); otherwise keep this.`,
      `Filter.unsupported(${quoted("it has no search.")})`,
    ),
  ])})`
}

const getSource = ({ choices, get }: AdapterDraft): string => {
  if (get === null) return ""
  const path = choices.getPath ?? `${choices.listPath ?? "/executions"}/{id}`
  const route = quoted(`GET ${path}`)
  const template = path.replaceAll("{id}", "${encodeURIComponent(id)}").replaceAll("`", "")
  const gives = payloadRoles.filter((role) => get.draft.roles.has(role))
  const mapping = get.isLikeList
    ? gives.length === 0
      ? "execution(detail)"
      : `(${object(["...execution(detail)", ...get.draft.payload.mapping])})`
    : `(${object([...get.draft.mapping, ...get.draft.payload.mapping])})`
  const schema = get.isLikeList && gives.length === 0 ? "Item" : "Detail"
  return `get: ${object([
    `route: ${
      choices.getPath === null
        ? todo(
            "get.route",
            `Write the path by which ${choices.title} gives one execution, here and in request below.`,
            route,
            9,
          )
        : route
    }`,
    ...(gives.length === 0 ? [] : [`gives: [${gives.map(quoted).join(", ")}]`]),
    `request: ({ id }) => ({ method: "GET", path: \`${template}\` })`,
    `item: ${schema}`,
    `toExecution: (detail) => ${mapping}`,
  ])}`
}

const problem = `problem: (_status, body) => {
  const problem = Result.getOrUndefined(Schema.decodeUnknownResult(Problem)(body))
  const said = problem?.message ?? problem?.error
  return { message: typeof said === "string" ? said : said?.message }
}`

const isInSeconds = (part: string): boolean => part.includes(secondsFunction.name)

const hasTrigger = ({ item, get }: AdapterDraft): boolean =>
  item.roles.has("trigger") || get?.draft.roles.has("trigger") === true

const triggerKinds = (words: ReadonlySet<string>): string => {
  const known = [...words].flatMap((word) => {
    const kind = triggerKindOf(word)
    return kind === null ? [] : [`[${quoted(word)}, ${quoted(kind)}]`]
  })
  const entries = known.length === 0 ? "" : `[\n  ${known.join(",\n  ")},\n]`
  return `const triggerKinds: ReadonlyMap<string | null | undefined, TriggerKind> = new Map(${entries})`
}

/** What is left to the author and stands in no particular place. */
const statements = ({
  item,
  get,
  envelope,
  choices: { title },
}: AdapterDraft): ReadonlyArray<Todo> => {
  const times = new Set([...item.times, ...(get?.draft.times ?? [])])
  const unknown = new Set(
    [...item.triggerWords, ...(get?.draft.triggerWords ?? [])].filter(
      (word) => triggerKindOf(word) === null,
    ),
  )
  const own = get?.isLikeList === true ? [] : (get?.draft.todos ?? [])
  return [
    ...(envelope === null
      ? [
          {
            where: "fixtures",
            what: `No sample was given, so the schemas of wire.ts and the mapping are made up. Put a list response of ${title} into fixtures/, and write both after it.`,
          },
        ]
      : []),
    ...item.todos,
    ...own.map(({ where, what }) => ({ where: `get.${where}`, what })),
    ...(times.has("zoneless")
      ? [
          {
            where: "zone",
            what: `The times of ${title} name no zone, and are read as UTC. Check that against its documents.`,
          },
        ]
      : []),
    ...(unknown.size > 0
      ? [
          {
            where: "trigger",
            what: `Say in triggerKinds what ${[...unknown].map(quoted).join(", ")} mean: api, schedule, webhook, manual, event, retry or subworkflow; those that are none of these stay unknown.`,
          },
        ]
      : []),
    ...(get === null
      ? [
          {
            where: "get",
            what: `If ${title} gives one execution by its id, declare get, with a fixture that shows it. Otherwise get stays Unsupported.`,
          },
        ]
      : []),
  ]
}
