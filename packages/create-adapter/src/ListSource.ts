import type { AdapterDraft } from "./AdapterDraft.js"
import type { Roles } from "./FieldRoles.js"
import { paginationSource } from "./PagingStyle.js"
import { object, quoted, todoCall } from "./Source.js"

/** The source of the list endpoint. */
export const listSource = (draft: AdapterDraft): string => {
  const { choices, paging, item, envelope } = draft
  const path = choices.listPath ?? "/executions"
  const { title } = choices
  const route = quoted(`${choices.listMethod} ${path}`)
  return `list: ${object([
    `route: ${
      choices.listPath === null
        ? todoCall("list.route", `Write the path by which ${title} lists executions.`, route, 9)
        : route
    }`,
    `pagination: ${todoCall(
      "list.pagination",
      `Check the style of paging and the names of its parameters against the documents of ${title}.${
        paging.isNamed
          ? " Add keyset: true where the next page begins behind the last row, wherever that stands by then."
          : ""
      }${
        paging.info.includes("next") && !envelope?.next
          ? " The sample does not show how a page names the next one: give it as next in page."
          : ""
      }`,
      paginationSource(paging, envelope),
      14,
    )}`,
    `maxPageSize: ${todoCall("list.maxPageSize", `Write the largest page that ${title} gives.`, "100", 15)}`,
    time(draft),
    filters(draft),
    ...page(draft),
    "item: Item",
    `itemId: (item) => ${item.id}`,
    "toExecution: fromList",
  ])}`
}

/** Where a page says what; nothing where the answer is the list itself. */
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
        ? `The sample is in the order of ${named}, the newest first. `
        : listing.order === "oldest"
          ? `The sample is in the order of ${named}, but the oldest first: ask for the newest first by orders: { newest: { … } }, with its parameters. `
          : `The sample does not show whether ${title} lists by ${named}, the newest first: give the time by which it does. `
  const byNumber =
    listing !== null && hasDescendingIds(item.roles)
      ? ` Its ids are numbers in descending order too: where ${title} lists by them, give at that number, with isSequence: true.`
      : ""
  const isTicking = listing?.isWholeSeconds === true && envelope !== null
  const ticking = isTicking
    ? ` The sample shows whole seconds alone: keep tick if ${title} keeps no fraction of them, else take it out.`
    : ""
  const early =
    listing?.isBeforeStart === true
      ? ` By its name ${named} comes before the start: a query with since misses executions that start, or end without a start, later than skew after they were listed (60 seconds by default), and after would keep them out too. Set skew to the longest that one may wait, in milliseconds, or to null where nobody knows.`
      : ""
  const missing =
    "The sample holds no time that every item has: give the one by which the provider lists, or, where it lists by a number such as the id, that number with isSequence: true."
  return `time: ${object([
    listedAt === null
      ? `at: ${todoCall("list.time.at", missing, "() => 0", 10)}`
      : `at: (item) => ${listedAt}`,
    ...(isTicking ? ["tick: 1000"] : []),
    `walk: ${todoCall(
      "list.time",
      `${order}Where the list takes bounds of this time, add before and after, which get an instant in milliseconds and must keep what was listed at it${paging.isCounted ? ' and walk by "windows"; otherwise keep "pages"' : ""}. Add delay where an execution may be listed later than it starts. Where the list takes bounds of the start or of the end itself, add start or finish.${early}${ticking}${byNumber}`,
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
  const pushed = `If ${title} filters by it, give Filter.param("…") with the name of its parameter`
  return `filters: ${object([
    item.roles.has("workflowId")
      ? ask(
          "workflowId",
          `${pushed}; otherwise keep Filter.here, which filters what is read.`,
          "Filter.here",
        )
      : ask(
          "workflowId",
          `No field of the sample is known as the id of a workflow. ${pushed}; otherwise say here why it cannot be asked for.`,
          `Filter.unsupported(${quoted("its log does not name the workflow.")})`,
        ),
    ask(
      "actorId",
      `If the list tells who started an execution, map actor and give Filter.here. ${pushed}. Otherwise keep this.`,
      `Filter.unsupported(${quoted("its log does not say who started an execution.")})`,
    ),
    ask(
      "status",
      `If ${title} filters by status, give Filter.oneWord("…", […]) with the name of its parameter and the words that it takes, or Filter.words where it takes several at once; otherwise keep Filter.here.`,
      "Filter.here",
    ),
    ask(
      "search",
      `If ${title} can search, give Filter.param("…"); otherwise keep this.`,
      `Filter.unsupported(${quoted("it has no search.")})`,
    ),
  ])}`
}
