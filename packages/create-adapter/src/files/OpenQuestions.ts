import { type AdapterDraft, getIdOf } from "../draft/AdapterDraft.js"
import { quoted } from "../draft/Source.js"
import type { Todo } from "../draft/Todo.js"
import { triggerKindOf } from "../sample/TriggerWords.js"
import { isObject, type Json } from "../shared/Json.js"

/** What is left to do that has no particular place in the source. */
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
            what: `No sample was given, so the schemas in wire.ts and the mapping are placeholders. Put a list response of ${title} into fixtures/, and adapt both to it.`,
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
            what: "No id is recognized in the sample of one execution, so fixtures/ contains no response of get. Add it there with the id under query.get and in the path, or record it.",
          },
        ]
      : []),
    ...(times.has("zoneless")
      ? [
          {
            where: "zone",
            what: `The times of ${title} have no time zone and are read as UTC. Check that against its documentation.`,
          },
        ]
      : []),
    ...(unknown.size > 0
      ? [
          {
            where: "trigger",
            what: `Map ${[...unknown].map(quoted).join(", ")} in triggers to api, schedule, webhook, manual, event, retry or subworkflow; leave out words that match none of these.`,
          },
        ]
      : []),
    {
      where: "problem",
      what: `Check that the error responses of ${title} contain their message under message, detail or error, as a string or in an object with a message: core reads it there. Otherwise declare problem. Add a fixture of an error response.`,
    },
    ...(get === null
      ? [
          {
            where: "get",
            what: `If ${title} returns single executions by id, declare get, with a fixture. Otherwise get stays Unsupported.`,
          },
        ]
      : []),
  ]
}

/** Names of steps differ too much to be recognized. */
const listsTodo = (get: AdapterDraft["get"]): ReadonlyArray<Todo> => {
  const execution = get?.sample.execution
  const lists = isObject(execution)
    ? Object.keys(execution).filter((name) => holdsObjects(execution[name]))
    : []
  if (lists.length === 0) return []
  return [
    {
      where: "get.gives",
      what: `The response of get contains ${lists.map(quoted).join(", ")}. If these are the steps of the execution, map each under steps, with its providerStatus, startedAt and finishedAt, remove it from the attributes, and add "steps" to get.gives.`,
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
      what: `The response of get contains ${beside.join(", ")} beside ${wrapper}; only ${wrapper} is mapped. Add the fields that describe the execution to Detail and fromGet.`,
    },
  ]
}
