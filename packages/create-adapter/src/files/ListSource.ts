import type { AdapterDraft } from "../draft/AdapterDraft.js"
import { object, quoted, todoCall } from "../draft/Source.js"
import type { Roles } from "../sample/FieldRoles.js"
import { paginationSource } from "../sample/PagingStyle.js"

/** The source of the list endpoint. */
export const listSource = (draft: AdapterDraft): string => {
  const { choices, paging, item, envelope } = draft
  const path = choices.listPath ?? "/executions"
  const { title } = choices
  const route = quoted(`${choices.listMethod} ${path}`)
  return `list: ${object([
    `route: ${
      choices.listPath === null
        ? todoCall("list.route", `Set the path of the endpoint that lists executions.`, route, 9)
        : route
    }`,
    `pagination: ${todoCall(
      "list.pagination",
      `Check the pagination style and its parameter names against the documentation of ${title}.${
        paging.isNamed
          ? " Add keyset: true if the next page begins after the last row, wherever that row is by then."
          : ""
      }${
        paging.info.includes("next") && !envelope?.next
          ? " The sample does not show how a page refers to the next one: set next in page."
          : ""
      }`,
      paginationSource(paging, envelope),
      14,
    )}`,
    `maxPageSize: ${todoCall("list.maxPageSize", `Set the largest page size that ${title} accepts.`, "100", 15)}`,
    time(draft),
    filters(draft),
    ...page(draft),
    "item: Item",
    `itemId: (item) => ${item.id}`,
    "toExecution: fromList",
  ])}`
}

/** The fields of a page; none if the response is the list itself. */
const page = ({ paging, envelope }: AdapterDraft): ReadonlyArray<string> => {
  const path = envelope?.path ?? ["data"]
  if (path.length === 0) return []
  const told = paging.info.flatMap((name) => {
    const where = name === "next" ? envelope?.next?.path : envelope?.[name]
    return where ? [`${name}: ${fieldPath(where)}`] : []
  })
  return [`page: { ${[`items: ${fieldPath(path)}`, ...told].join(", ")} }`]
}

/** A path as core takes it: with dots, or as a list of names where one of them holds a dot. */
const fieldPath = (path: ReadonlyArray<string>): string =>
  path.some((name) => name.includes("."))
    ? `[${path.map(quoted).join(", ")}]`
    : quoted(path.join("."))

const time = ({ item, envelope, paging, choices: { title } }: AdapterDraft): string => {
  const { listing, listedAt } = item
  const named = listing?.field.path.join(".") ?? ""
  const order =
    envelope === null || listing === null
      ? ""
      : listing.order === "newest"
        ? `The sample is ordered by ${named}, newest first. `
        : listing.order === "oldest"
          ? `The sample is ordered by ${named}, oldest first: request the newest first with orders: { newest: { … } } and its parameters. `
          : `The sample does not show whether ${title} lists by ${named}, newest first: use the time by which it orders. `
  const byNumber =
    listing !== null && hasDescendingIds(item.roles)
      ? ` Its ids are numbers in descending order too: if ${title} orders by them, return that number from at, with isSequence: true.`
      : ""
  const isTicking = listing?.isWholeSeconds === true && envelope !== null
  const ticking = isTicking
    ? ` The sample contains whole seconds only: keep tick if ${title} stores no fractions, otherwise remove it.`
    : ""
  const early =
    listing?.isBeforeStart === true
      ? ` Judging by its name, ${named} precedes the start: a query with since misses executions that start, or end without a start, more than skew after they were listed (default: 60 seconds), and after would exclude them too. Set skew to the longest possible wait in milliseconds, or to null if it is unknown.`
      : ""
  const missing =
    "No time in the sample is present in every item: return the time by which the provider orders, or, if it orders by a number such as the id, that number with isSequence: true."
  return `time: ${object([
    listedAt === null
      ? `at: ${todoCall("list.time.at", missing, "() => 0", 10)}`
      : `at: (item) => ${listedAt}`,
    ...(isTicking ? ["tick: 1000"] : []),
    `walk: ${todoCall(
      "list.time",
      `${order}If the list accepts bounds of this time, add before and after. They receive an instant in milliseconds, which they must include${paging.isCounted ? ' and set walk to "windows"; otherwise keep "pages"' : ""}. Add delay if an execution may be listed later than it starts. If the list accepts bounds of the start or end itself, add start or finish.${early}${ticking}${byNumber}`,
      quoted("pages"),
      12,
    )}`,
  ])}`
}

const hasDescendingIds = (roles: Roles): boolean => {
  const ids = roles.get("id")?.shape.values ?? []
  return (
    ids.length > 1 &&
    ids.every((id) => typeof id === "number" || (typeof id === "string" && /^\d+$/.test(id))) &&
    ids.every((id, place) => place === 0 || Number(id) < Number(ids[place - 1]))
  )
}

const filters = ({ item, choices: { title } }: AdapterDraft): string => {
  const ask = (name: string, what: string, standIn: string) =>
    `${name}: ${todoCall(`list.filters.${name}`, what, standIn, 10 + name.length)}`
  const pushed = `If ${title} filters by it, use Filter.param("…") with the name of its parameter`
  return `filters: ${object([
    item.roles.has("workflowId")
      ? ask(
          "workflowId",
          `${pushed}; otherwise keep Filter.here, which filters the executions that are read.`,
          "Filter.here",
        )
      : ask(
          "workflowId",
          `No field of the sample is recognized as a workflow id. ${pushed}; otherwise state here why it is not supported.`,
          `Filter.unsupported(${quoted("its log does not return the workflow.")})`,
        ),
    ask(
      "actorId",
      `If the list returns the user who started an execution, map actor and use Filter.here. ${pushed}. Otherwise keep this.`,
      `Filter.unsupported(${quoted("its log does not return who started an execution.")})`,
    ),
    ask(
      "status",
      `If ${title} filters by status, use Filter.oneWord("…", […]) with the name of its parameter and the accepted words, or Filter.words if it accepts several at once; otherwise keep Filter.here.`,
      "Filter.here",
    ),
    ask(
      "search",
      `If ${title} supports search, use Filter.param("…"); otherwise keep this.`,
      `Filter.unsupported(${quoted("it has no search.")})`,
    ),
  ])}`
}
