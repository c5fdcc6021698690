// docs/providers.md: what each adapter supports, as its declaration and its plans say it.
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { AdapterError, createClient, executionStatuses } from "@execlog/core"
import { adapterNames } from "../lib/adapter-names.mjs"

const folder = new URL("../../packages/adapters/", import.meta.url)

export const providerPagePath = fileURLToPath(new URL("../../docs/providers.md", import.meta.url))

/** Values that some providers can be asked for and others cannot. */
const values = ["example-1", "00000000-0000-4000-8000-000000000000", "someone@example.com"]
const probes = {
  workflowId: values.map((workflowId) => ({ workflowId })),
  actorId: values.map((actorId) => ({ actorId })),
  since: [{ since: "2026-11-20T00:00:00Z" }],
  until: [{ until: "2026-11-21T00:00:00Z" }],
  finishedSince: [
    { finishedSince: "2026-11-20T00:00:00Z" },
    { finishedSince: "2026-11-20T00:00:00Z", since: "2026-11-10T00:00:00Z" },
  ],
  tag: [{ tag: "example-1" }],
  search: ["word", "word ".repeat(40)].map((search) => ({ search })),
}

/** The official adapters, built, with their packages. */
const readAdapters = async () =>
  Promise.all(
    adapterNames.map(async (name) => {
      const { name: packageName } = JSON.parse(
        readFileSync(new URL(`${name}/package.json`, folder), "utf8"),
      )
      const { default: adapter } = await import(new URL(`${name}/dist/index.js`, folder).href)
      return { adapter, packageName, folder: `../packages/adapters/${name}` }
    }),
  )

/** A connection with whatever is required made up. */
const connectionOf = (adapter) => {
  const madeUp = { secret: "canary-provider-page", url: "https://provider.example.com/api/v1" }
  const required = adapter.settings.filter((setting) => setting.required)
  return adapter(Object.fromEntries(required.map(({ name, kind }) => [name, madeUp[kind]])))
}

/** The plan of a query, or why there is none. */
const planOf = (client, query) => {
  try {
    return { plan: client.explain(query), rejection: null }
  } catch (error) {
    if (AdapterError.is(error) && error.reason === "Unsupported") {
      // A hint of the adapter's own says what would help; the others say it of every provider.
      const remedy = error.hint?.code === "other" ? ` ${error.hint.text}` : ""
      return { plan: null, rejection: `${error.message}${remedy}` }
    }
    throw error
  }
}

/** The part of a query that leads to an endpoint; null where none of these does. */
const leadingTo = (client, name) =>
  [
    {},
    ...["steps", "inputs", "outputs"].flatMap((part) => [
      { include: [part] },
      { workflowId: "example-1", include: [part] },
    ]),
  ].find((query) => planOf(client, query).plan?.endpoint === name) ?? null

const words = {
  provider: "provider",
  both: "provider, then execlog",
  execlog: "execlog",
  settings: "a setting",
}

const rank = (way) => [...Object.values(words), "Unsupported"].indexOf(way)

/** How a filter is answered, for each way that there is: `provider; or execlog: why`. */
const answerTo = (client, lead, filter) => {
  const found = new Map()
  for (const probe of probes[filter]) {
    const { plan, rejection } = planOf(client, { ...probe, ...lead, ...probe })
    const answer = plan?.filters.find((one) => one.filter === filter)
    const way = plan === null ? "Unsupported" : words[answer.answer]
    const why = plan === null ? (rejection ?? "").replace(/^.*?: /, "") : answer.note
    if (!found.has(way)) found.set(way, why)
  }
  return [...found]
    .toSorted(([way], [other]) => rank(way) - rank(other))
    .map(([way, why]) => (why === null ? way : `${way}: ${why.replace(/[.]$/, "")}`))
    .join("; or ")
}

const statusAnswers = (client, lead) => {
  const byWay = new Map()
  for (const status of executionStatuses) {
    const { plan } = planOf(client, { ...lead, status: [status] })
    const answer = plan?.filters.find(({ filter }) => filter === "status")?.answer
    const way = plan === null ? "Unsupported" : words[answer]
    byWay.set(way, [...(byWay.get(way) ?? []), status])
  }
  return [...byWay]
    .toSorted(([way], [other]) => rank(way) - rank(other))
    .map(([way, statuses]) => `${way}: ${statuses.join(", ")}`)
    .join("; ")
}

const styles = {
  pageNumber: "numbered pages",
  offset: "offsets",
  cursor: "cursors",
  lastItem: "the last item",
  nextUrl: "next URLs",
  linkHeader: "the Link header",
  single: "one page",
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** A table as the formatter leaves it. */
const table = (head, rows) => {
  const lines = [head, ...rows].map((cells) => cells.map(cell))
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column].length)))
  const row = (cells) => `| ${cells.map((text, at) => text.padEnd(widths[at])).join(" | ")} |`
  const [first, ...others] = lines
  return [row(first), row(widths.map((width) => "-".repeat(width))), ...others.map(row)].join("\n")
}

const listed = (parts) => (parts.length === 0 ? "nothing else" : parts.join(", "))

const endpointColumn = (client, endpoint) => {
  const lead = leadingTo(client, endpoint.name)
  if (lead === null) throw new Error(`No query of this page leads to ${endpoint.route}.`)
  const { plan } = planOf(client, lead)
  const isPromised = plan.consistency === "exact" ? "each execution exactly once" : "best effort"
  return {
    route: `\`${endpoint.route}\``,
    cells: {
      Paging: `${styles[endpoint.pagination.style]}, at most ${endpoint.maxPageSize} per page`,
      Walk: `${plan.walk === "windows" ? "by time windows" : "page by page"}; ${isPromised}`,
      Order: `${endpoint.orders.join(" or ")} first`,
      "Returns with `include`": listed(endpoint.gives),
      status: statusAnswers(client, lead),
      ...Object.fromEntries(
        Object.keys(probes).map((filter) => [filter, answerTo(client, lead, filter)]),
      ),
      Notes: plan.notes.map(({ text }) => text).join(" "),
    },
  }
}

const section = ({ adapter, packageName, folder: place }) => {
  const connection = connectionOf(adapter)
  const client = createClient(connection)
  const { list, detail, get } = connection
  const endpoints = [list, ...(detail === null ? [] : [detail])]
  const columns = endpoints.map((endpoint) => endpointColumn(client, endpoint))
  const byStatus = Map.groupBy(Object.entries(adapter.statuses), ([, status]) => status)
  return [
    `## ${adapter.title}`,
    `[\`${packageName}\`](${place}/README.md), provider id \`${adapter.id}\`.`,
    table(
      ["setting", "default", "meaning"],
      adapter.settings.map(({ name, required, default: standard, description }) => [
        `\`${name}\``,
        required ? "required" : standard === null ? "none" : `\`${standard}\``,
        description,
      ]),
    ),
    table(
      ["", ...columns.map(({ route }) => route)],
      Object.keys(columns[0]?.cells ?? {}).map((name) => [
        name,
        ...columns.map(({ cells }) => cells[name]),
      ]),
    ),
    get === null
      ? "No endpoint returns one execution by its id."
      : `One execution by its id: \`${get.route}\`, which returns ${listed(get.gives)}.`,
    table(
      ["status", "the provider's words"],
      executionStatuses
        .filter((status) => byStatus.has(status))
        .map((status) => [
          status,
          (byStatus.get(status) ?? []).map(([word]) => `\`${word}\``).join(", "),
        ]),
    ),
  ].join("\n\n")
}

/** The page, written from what is built. */
export const composeProviderPage = async () => {
  const adapters = await readAdapters()
  return `${[
    "# Providers",
    "What each official adapter supports: which filters its provider applies, which execlog applies, and which are Unsupported. `pnpm providers` generates this page from the adapters, and `npm test` checks it. See also the README of each package.",
    "A filter means the same for every provider. _Provider_: the provider filters exactly. _Provider, then execlog_: the provider returns a superset, which execlog filters. _execlog_: execlog reads what the other filters leave and filters it. _Unsupported_: an error, since neither can filter. If a provider has no word for a status, execlog filters by it and finds nothing.",
    ...adapters.map(section),
  ].join("\n\n")}\n`
}
