import { type Json, parseJson } from "@execlog/core"
import { elementsOf, placeOfItems } from "../ItemPlace.js"
import { withValue } from "../JsonPath.js"
import {
  always,
  answering,
  type Fault,
  type FaultGroup,
  passOn,
  type Situation,
  type Target,
  times,
} from "./Fault.js"
import type { Answer } from "./FaultProxy.js"

/** Faults of lists have no meaning where one execution is asked for. */
const notAList = ({ list }: Target): string | null => (list === null ? "it is no list" : null)

/** The styles that have neither a link nor a cursor; one that has either needs a fault of its own. */
const withoutLinks = ({ list }: Target): string => {
  if (list === null) return "it is no list"
  switch (list.endpoint.pagination.style) {
    case "pageNumber":
      return "pages are numbered"
    case "offset":
      return "pages are by offset"
  }
}

const saysNothingOfMore = (target: Target): string | null => {
  const { list } = target
  if (list === null) return notAList(target)
  const page = list.endpoint.page(list.firstBody)
  const isTold = page.ok && (page.value.more !== null || page.value.total !== null)
  return isTold ? null : "no page says that more follows"
}

/** The provider's answer with other elements in its list. */
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

/** The first broken request gets an empty page, and what it asked for stands one page further on. */
const emptyPage: Fault["reply"] = answering(async (situation) => {
  const { turn, path, asked, target, provided } = situation
  if (turn === 0) return withElements(situation, () => [])
  const broken = asked[asked.length - 1 - turn] ?? path
  return provided(target.list === null ? path : pageBefore(target.list.endpoint, path, broken))
})

/** The page before, where a request asks for a later page of the list that another asked for. */
const pageBefore = (
  { pagination }: NonNullable<Target["list"]>["endpoint"],
  path: string,
  other: string,
): string => {
  const [url, first] = [path, other].map((text) => new URL(text, "http://127.0.0.1"))
  if (url === undefined || first === undefined) return path
  const [name, step] =
    pagination.style === "offset"
      ? [pagination.offset, Number(url.searchParams.get(pagination.size))]
      : [pagination.page, 1]
  const at = Number(url.searchParams.get(name))
  const from = Number(first.searchParams.get(name))
  first.searchParams.set(name, String(at))
  if (first.search !== url.search || at <= from) return path
  url.searchParams.set(name, String(at - step))
  return url.pathname + url.search
}

export const pageFaults: FaultGroup = {
  title: "The pages do not go on",
  faults: [
    {
      name: "the same page for ever, with more said to follow",
      doesNotApply: saysNothingOfMore,
      reply: always(answering(({ provided, asked }) => provided(asked[0]))),
      expected: [
        {
          kind: "failed",
          reason: "Decode",
          message: /gave the same/,
          hint: /repeats itself/,
        },
      ],
    },
    {
      name: "an empty page in the middle, with more said to follow",
      doesNotApply: saysNothingOfMore,
      reply: always(emptyPage),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "a page that comes empty once, with more said to follow",
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
      name: "a next link to another origin",
      doesNotApply: withoutLinks,
      reply: passOn,
      expected: [],
    },
    { name: "a cursor that repeats", doesNotApply: withoutLinks, reply: passOn, expected: [] },
  ],
}
