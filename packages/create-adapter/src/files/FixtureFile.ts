import { basename } from "node:path"
import { type AdapterDraft, getIdOf } from "../draft/AdapterDraft.js"
import { shapeOf } from "../sample/Shape.js"
import { millisecondsOf, timeShapeOf } from "../sample/TimeShape.js"
import { isList, isObject, type Json } from "../shared/Json.js"

/** A fixture that holds a sample as the provider's answer to whatever is asked. */
const fixture = (
  { choices }: AdapterDraft,
  { method, path }: { readonly method: string; readonly path: string },
  sample: { readonly body: Json; readonly file: string; readonly query: Json },
): string => {
  const content = {
    provenance: {
      kind: "documented",
      provider: choices.id,
      document: basename(sample.file),
      note: "The sample that the package was started with; the request that it answers is not known.",
    },
    now: nowOf(sample.body),
    query: sample.query,
    request: "any",
    excerpt: true,
    exchanges: [
      {
        scope: new URL(choices.baseUrl).origin,
        method,
        path: `${new URL(choices.baseUrl).pathname.replace(/\/$/, "")}${path}`,
        status: 200,
        rawHeaders: ["content-type", "application/json"],
        response: sample.body,
      },
    ],
  }
  return `${JSON.stringify(content, null, 1)}\n`
}

/** The fixture of the list. */
export const listFixture = (draft: AdapterDraft, body: Json, file: string): string =>
  fixture(
    draft,
    { method: draft.choices.listMethod, path: draft.choices.listPath ?? "/executions" },
    { body, file, query: {} },
  )

/** The fixture of one execution; null where its id is not known. */
export const getFixture = (draft: AdapterDraft, body: Json, file: string): string | null => {
  const id = draft.get === null ? null : getIdOf(draft.get)
  if (id === null) return null
  const path = draft.choices.getPath ?? `${draft.choices.listPath ?? "/executions"}/{id}`
  const asked = { method: "GET", path: path.replaceAll("{id}", encodeURIComponent(id)) }
  return fixture(draft, asked, { body, file, query: { get: id } })
}

const hourMs = 3_600_000

/** An hour after the latest time in a sample, so that nothing in it lies in the future. */
const nowOf = (sample: Json): string => {
  const times = timesIn(sample)
  const latest = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return new Date(times.length === 0 ? Date.now() : latest + hourMs).toISOString()
}

const timesIn = (value: Json): ReadonlyArray<number> => {
  if (isList(value)) return value.flatMap(timesIn)
  if (isObject(value)) return Object.values(value).flatMap(timesIn)
  const time = timeShapeOf(shapeOf([value]))
  return time === null ? [] : [millisecondsOf(value, time)]
}
