import type { AuthStyle, Choices } from "../choices/Choices.js"
import { type AdapterDraft, hasTrigger, isItem } from "../draft/AdapterDraft.js"
import { payloadRoles } from "../draft/MappingParts.js"
import { call, object, quoted, todoCall } from "../draft/Source.js"
import { listSource } from "./ListSource.js"
import { openQuestions } from "./OpenQuestions.js"

/** The source of `src/index.ts`. */
export const adapterSource = (draft: AdapterDraft): string => {
  const { choices, constant, get } = draft
  const body = object([
    `id: ${quoted(choices.id)}`,
    `title: ${quoted(choices.title)}`,
    settings(draft),
    `auth: ${authSource(choices.auth)}`,
    "statuses",
    ...(hasTrigger(draft) ? ["triggers"] : []),
    listSource(draft),
    ...(get === null ? [] : [getSource(draft)]),
  ])
  const declarations = [
    `export default ${constant}`,
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

/** The environment variable from which the command line reads the key. */
export const keyVariable = (id: string): string =>
  `${id.replaceAll("-", "_").toUpperCase()}_API_KEY`

/** The description of the setting of the key. */
export const keyMeaning = ({ auth, title }: Choices): string =>
  auth.by === "basic"
    ? `User name and password of the ${title} account, as user:password`
    : `API key of the ${title} account`

const exampleSettings = (auth: AuthStyle, id: string): string =>
  auth.by === "none" ? "{}" : `{ apiKey: process.env.${keyVariable(id)} }`

const imports = (draft: AdapterDraft, source: string): string => {
  const core = ["Adapter", "Auth", "Filter", "Pagination", "Setting", "Wire"].filter((name) =>
    source.includes(`${name}.`),
  )
  const hasDetail = draft.get !== null && !isItem(draft)
  const mapping = [
    ...(hasDetail ? ["fromGet"] : []),
    "fromList",
    "statuses",
    ...(hasTrigger(draft) ? ["triggers"] : []),
  ]
  return `import { ${core.join(", ")} } from "@execlog/core/adapter"
import { ${mapping.join(", ")} } from "./execution.js"
import { todo } from "./todo.js"
import { ${hasDetail ? "Detail, " : ""}Item } from "./wire.js"
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

const getSource = (draft: AdapterDraft): string => {
  const { choices, get } = draft
  if (get === null) return ""
  const path = choices.getPath ?? `${choices.listPath ?? "/executions"}/{id}`
  const route = quoted(`GET ${path}`)
  const gives = payloadRoles.filter((role) => get.draft.roles.has(role))
  return `get: ${object([
    `route: ${
      choices.getPath === null
        ? todoCall(
            "get.route",
            `Set the path of the endpoint that returns one execution.`,
            route,
            9,
          )
        : route
    }`,
    ...(gives.length === 0 ? [] : [`gives: [${gives.map(quoted).join(", ")}]`]),
    ...(isItem(draft) ? [] : ["item: Detail", "toExecution: fromGet"]),
  ])}`
}
