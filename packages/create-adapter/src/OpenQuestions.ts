import { type AdapterDraft, getIdOf } from "./AdapterDraft.js"
import { isObject, type Json } from "./Json.js"
import { quoted } from "./Source.js"
import type { Todo } from "./Todo.js"
import { triggerKindOf } from "./TriggerWords.js"

/** The open questions that belong to no particular place. */
export const openQuestions = ({
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
    ...besideTodo(get),
    ...listsTodo(get),
    ...(get !== null && getIdOf(get) === null
      ? [
          {
            where: "get.fixture",
            what: "The sample of one execution shows no id that is known, so fixtures/ holds no answer of get. Write it there with the id under query.get, and in the path, or record it.",
          },
        ]
      : []),
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
            what: `Say in triggers what ${[...unknown].map(quoted).join(", ")} mean: api, schedule, webhook, manual, event, retry or subworkflow; those that are none of these stay unknown.`,
          },
        ]
      : []),
    {
      where: "problem",
      what: `Check that the error responses of ${title} contain their message under message, detail or error, as a text or in an object with a message: core reads it there. Otherwise declare problem. Add a fixture of an error response.`,
    },
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

/** Steps are called so differently that no name tells them. */
const listsTodo = (get: AdapterDraft["get"]): ReadonlyArray<Todo> => {
  const execution = get?.sample.execution
  const lists = isObject(execution)
    ? Object.keys(execution).filter((name) => holdsObjects(execution[name]))
    : []
  if (lists.length === 0) return []
  return [
    {
      where: "get.gives",
      what: `The answer of get holds ${lists.map(quoted).join(", ")}. Where that is the steps of the execution, give each in the mapping under steps, with its providerStatus, startedAt and finishedAt, take it out of the attributes, and add "steps" to get.gives.`,
    },
  ]
}

const holdsObjects = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.some(isObject)

const besideTodo = (get: AdapterDraft["get"]): ReadonlyArray<Todo> => {
  const { wrapper = null, beside = [] } = get?.sample ?? {}
  if (wrapper === null || beside.length === 0) return []
  return [
    {
      where: "get.toExecution",
      what: `The answer of get holds ${beside.join(", ")} beside ${wrapper}, which alone is mapped. Add to Detail and fromGet what of it tells of the execution.`,
    },
  ]
}
