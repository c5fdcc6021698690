import { type AdapterDraft, isItem, sharesMapping } from "./AdapterDraft.js"
import type { AuthStyle, Choices } from "./Choices.js"
import { listSource } from "./ListSource.js"
import { payloadRoles } from "./MappingParts.js"
import { openQuestions } from "./OpenQuestions.js"
import { call, keyOf, object, quoted, todoCall } from "./Source.js"
import { statusesOf } from "./StatusWords.js"
import { triggerKindOf } from "./TriggerWords.js"

/** The source of `src/<name>.ts`. */
export const adapterSource = (draft: AdapterDraft): string => {
  const { choices, constant, item, get } = draft
  const body = object([
    `id: ${quoted(choices.id)}`,
    `title: ${quoted(choices.title)}`,
    settings(draft),
    `auth: ${authSource(choices.auth)}`,
    statuses(draft),
    ...(hasTrigger(draft) ? [triggers(draft)] : []),
    listSource(draft),
    ...(get === null ? [] : [getSource(draft)]),
    problem,
  ])
  const declarations = [
    ...(sharesMapping(draft)
      ? [
          "/** What an item of the list and the answer of `get` share. */\n" +
            `const execution = (item: Item): MappedExecution => (${object(item.mapping)})`,
        ]
      : []),
    ...openQuestions(draft).map(({ where, what }) =>
      call("todo", [quoted(where), quoted(what)], 0),
    ),
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

/** What the setting of the key is for. */
export const keyMeaning = ({ auth, title }: Choices): string =>
  auth.by === "basic"
    ? `User name and password of the ${title} account, as user:password`
    : `API key of the ${title} account`

const exampleSettings = (auth: AuthStyle, id: string): string =>
  auth.by === "none" ? "{}" : `{ apiKey: process.env.${keyVariable(id)} }`

const imports = (draft: AdapterDraft, source: string): string => {
  const names = ["Adapter", "Auth", "Filter", "Pagination", "Setting"]
    .filter((name) => new RegExp(`\\b${name}\\b[.(]`).test(source))
    .concat(source.includes(": MappedExecution =>") ? ["type MappedExecution"] : [])
    .concat(source.includes("Wire.") ? ["Wire"] : [])
  const wire = ["Detail", "Item", "Problem"].filter(
    (name) => new RegExp(`(: |\\()${name}\\b`).test(source) && (name !== "Detail" || draft.get),
  )
  const line = `import { ${names.join(", ")} } from "@execlog/core/adapter"`
  const broken = `import {\n  ${names.join(",\n  ")},\n} from "@execlog/core/adapter"`
  return `${line.length <= 100 ? line : broken}
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { todo } from "./todo.js"
import { ${wire.join(", ")} } from "./wire.js"
`
}

const settings = ({ choices }: AdapterDraft): string => {
  const { auth, baseUrl } = choices
  const url = call(
    "Setting.url",
    [quoted("Address of the API"), `{ default: ${quoted(baseUrl)} }`],
    13,
  )
  const key = keyMeaning(choices)
  // The comments are what an editor shows over a setting.
  return `settings: ${object([
    ...(auth.by === "none" ? [] : [`/** ${key}. */\napiKey: Setting.secret(${quoted(key)})`]),
    `/** Address of the API. Default: \`${baseUrl}\`. */\nbaseUrl: ${url}`,
  ])}`
}

const authSource = (auth: AuthStyle): string => {
  switch (auth.by) {
    case "bearer":
      return "(config) => Auth.bearer(config.apiKey)"
    case "basic":
      return "(config) => Auth.basic(config.apiKey)"
    case "header":
      return `(config) => Auth.header(${quoted(auth.name)}, config.apiKey)`
    case "none":
      return "() => Auth.none"
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

const getSource = (draft: AdapterDraft): string => {
  const { choices, get } = draft
  if (get === null) return ""
  const path = choices.getPath ?? `${choices.listPath ?? "/executions"}/{id}`
  const route = quoted(`GET ${path}`)
  const gives = payloadRoles.filter((role) => get.draft.roles.has(role))
  const mapping = get.isLikeList
    ? gives.length === 0
      ? "execution(detail)"
      : `(${object(["...execution(detail)", ...get.draft.payload.mapping])})`
    : `(${object([...get.draft.mapping, ...get.draft.payload.mapping])})`
  const { wrapper } = get.sample
  const taken = wrapper === "detail" ? "{ detail }" : `{ ${keyOf(wrapper ?? "")}: detail }`
  return `get: ${object([
    `route: ${
      choices.getPath === null
        ? todoCall(
            "get.route",
            `Write the path by which ${choices.title} gives one execution.`,
            route,
            9,
          )
        : route
    }`,
    ...(gives.length === 0 ? [] : [`gives: [${gives.map(quoted).join(", ")}]`]),
    ...(isItem(draft)
      ? []
      : ["item: Detail", `toExecution: (${wrapper === null ? "detail" : taken}) => ${mapping}`]),
  ])}`
}

const problem = `problem: (_status, body) => {
  const problem = Result.getOrUndefined(Schema.decodeUnknownResult(Problem)(body))
  const said = problem?.message ?? problem?.error
  return { message: typeof said === "string" ? said : said?.message }
}`

const hasTrigger = ({ item, get }: AdapterDraft): boolean =>
  item.roles.has("trigger") || get?.draft.roles.has("trigger") === true

const triggers = ({ item, get }: AdapterDraft): string => {
  const words = new Set([...item.triggerWords, ...(get?.draft.triggerWords ?? [])])
  const known = [...words].flatMap((word) => {
    const kind = triggerKindOf(word)
    return kind === null ? [] : [`${keyOf(word)}: ${quoted(kind)}`]
  })
  return `triggers: ${object(known)}`
}
