import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { elementsOf, placeOfItems } from "../kit/ItemPlace.js"
import { withValue } from "../kit/JsonPath.js"
import {
  type ParameterizedRequest,
  parametersOf,
  withParameters,
} from "../kit/RequestParameters.js"
import {
  always,
  answering,
  type Fault,
  type FaultGroup,
  type Situation,
  type Target,
  times,
} from "./Fault.js"
import type { Answer } from "./FaultProxy.js"
import { namedPages } from "./NamedPages.js"

/** Faults of lists do not apply to `get` and joins. */
const notAList = ({ list, join }: Target): string | null =>
  join !== null ? "it is a join" : list === null ? "it is not a list" : null

/** Why no page names the next one, by style of paging. */
const unnamed: { readonly [style: string]: string } = {
  pageNumber: "pages are numbered",
  offset: "pages are by offset",
  lastItem: "pages continue from the last item",
  single: "there is one page",
}

const withoutNames = (target: Target): string | null =>
  notAList(target) ?? unnamed[target.list?.endpoint.pagination.style ?? ""] ?? null

const withoutLinks = (target: Target): string | null =>
  withoutNames(target) ??
  (target.list?.endpoint.pagination.style === "cursor" ? "pages are named by cursors" : null)

const saysNothingOfMore = (target: Target): string | null => {
  const { list } = target
  if (list === null || target.join !== null) return notAList(target)
  const page = list.endpoint.page(list.firstBody)
  if (!page.ok) return "no page reports that more follow"
  const { more, total, next } = page.value
  const isReported = more !== null || total !== null || next !== null
  return isReported ? null : "no page reports that more follow"
}

const tooMany = Array.from({ length: 100_000 }, () => 0)

/** The provider's response with other elements in its list. */
const withElements = async (
  { target, provided }: Situation,
  change: (elements: ReadonlyArray<Json>) => ReadonlyArray<Json>,
): Promise<Answer> => {
  const answer = await provided()
  const body = parseJson(String(answer.body)) ?? null
  const place = target.list === null ? null : placeOfItems(target.list.endpoint, body)
  if (place === null) return answer
  const elements = change(elementsOf(body, place))
  return { ...answer, body: JSON.stringify(withValue(body, place.list, elements)) }
}

/** The first broken request gets an empty page, and its items move one page on. */
const emptyPage: Fault["reply"] = answering(async (situation) => {
  const { turn, requests, target, provided } = situation
  const request = requests.at(-1)
  const broken = requests[requests.length - 1 - turn] ?? request
  if (request === undefined || broken === undefined) return provided()
  const names = target.list === null ? null : namedPages(target.list.endpoint)
  if (names !== null) {
    // The name of the page that was requested.
    const further = names.isUrl ? "/further" : "further"
    if (request !== broken)
      return provided(names.requestedName(request) === further ? broken : request)
    return names.withNext(await withElements(situation, () => []), further)
  }
  if (turn === 0) return withElements(situation, () => [])
  const before = target.list === null ? null : pageBefore(target.list.endpoint, request, broken)
  return provided(before ?? request)
})

/** Each page names the one before it: an endless loop of two pages. */
const circling: Fault["reply"] = always(
  answering(({ requests, turn, provided }) => provided(requests[turn % 2])),
)

/** The page names the next one at another origin. */
const leadingAway: Fault["reply"] = always(
  answering(async ({ target, provided, path, otherOrigin }) => {
    const answer = await provided()
    const names = target.list === null ? null : namedPages(target.list.endpoint)
    return names?.withNext(answer, `${otherOrigin}${path}`) ?? answer
  }),
)

/** The request for the page before, if one request asks for a later page of the same list as another. */
const pageBefore = (
  { pagination }: NonNullable<Target["list"]>["endpoint"],
  request: ParameterizedRequest,
  other: ParameterizedRequest,
): ParameterizedRequest | null => {
  if (pagination.style !== "offset" && pagination.style !== "pageNumber") return null
  const [parameters, first] = [parametersOf(request), parametersOf(other)]
  const [name, step] =
    pagination.style === "offset"
      ? [pagination.offset, Number(parameters[pagination.size])]
      : [pagination.page, 1]
  const at = Number(parameters[name])
  const from = Number(first[name])
  const isOther =
    JSON.stringify({ ...first, [name]: at }) !== JSON.stringify({ ...parameters, [name]: at })
  if (isOther || at <= from) return null
  return withParameters(request, { ...parameters, [name]: at - step })
}

export const pageFaults: FaultGroup = {
  title: "Paging breaks",
  faults: [
    {
      name: "the same page for ever, reporting more",
      doesNotApply: saysNothingOfMore,
      reply: always(answering(({ provided, requests }) => provided(requests[0]))),
      expected: [
        {
          kind: "failed",
          reason: "Decode",
          hint: "narrow_query",
        },
      ],
    },
    {
      name: "an empty page in the middle, reporting more",
      doesNotApply: saysNothingOfMore,
      reply: always(emptyPage),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "a page that is empty once, reporting more",
      doesNotApply: saysNothingOfMore,
      reply: times(
        1,
        answering((situation) => withElements(situation, () => [])),
      ),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "every row twice",
      doesNotApply: notAList,
      reply: answering((situation) =>
        withElements(situation, (elements) => elements.flatMap((element) => [element, element])),
      ),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "100,000 items more than requested",
      doesNotApply: notAList,
      reply: always(
        answering((situation) => withElements(situation, (elements) => [...elements, ...tooMany])),
      ),
      expected: [
        {
          kind: "failed",
          reason: "TooLarge",
          hint: "narrow_query",
        },
      ],
    },
    {
      name: "a next link to another origin",
      doesNotApply: withoutLinks,
      reply: leadingAway,
      expected: [{ kind: "failed", reason: "Transport", hint: "update_base_url" }],
    },
    {
      name: "a cursor that repeats",
      doesNotApply: withoutNames,
      reply: circling,
      expected: [
        {
          kind: "failed",
          reason: "Decode",
          hint: "narrow_query",
        },
      ],
    },
  ],
}
