import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import type { PrefectEndpoints } from "./Endpoints.js"
import type { PrefectDenied } from "./Options.js"
import { PrefectRejection } from "./Rejection.js"
import { uuidIn } from "./Uuid.js"

/** The path of Prefect's server. Its API lies below, under /api. */
export const prefectBase = "/prefect"

/** Answers that are always the same, by path. */
const plainAnswers = new Map<string, unknown>([
  ["/api/version", "0.8.4"],
  ["/api/admin/version", "3.8.8"],
])

/** The path of one flow run, task run or flow. */
const onePath = /^\/api\/(flow_runs|task_runs|flows)\/([^/]+)$/

/** Names of objects in messages. */
const titles = { flow_runs: "Flow run", task_runs: "Task", flows: "Flow" } as const

const notAllowed = (allow: string): HttpAnswer =>
  jsonAnswer(405, { detail: "Method Not Allowed" }, { allow })

/** Answers a request that was let in, or throws a `PrefectRejection`. */
export const answerRoute = (
  { posts, one }: PrefectEndpoints,
  denied: ReadonlyArray<PrefectDenied>,
  { method, path, headers, body }: HttpRequest,
): HttpAnswer => {
  if (denied.some((kind) => path === `/api/${kind}/filter`))
    return jsonAnswer(403, { detail: "Forbidden" })
  const post = posts.get(path)
  if (post !== undefined) return method === "POST" ? post(body) : notAllowed("POST")
  const plain = plainAnswers.get(path)
  if (plain !== undefined) return method === "GET" ? jsonAnswer(200, plain) : notAllowed("GET")
  if (/^\/api\/(?:flow_runs|task_runs|flows)\/$/.test(path)) {
    if (method !== "POST") return notAllowed("POST")
    throw new PrefectRejection(501, "The simulator does not create objects over HTTP")
  }
  const bare = path.replace(/\/$/, "")
  if (bare !== path && (posts.has(bare) || plainAnswers.has(bare) || onePath.test(bare))) {
    const location = `http://${headers.host ?? "localhost"}${prefectBase}${bare}`
    return { status: 307, headers: { location }, body: "" }
  }
  const [, kind, id] = onePath.exec(path) ?? []
  const uuid = uuidIn(id)
  if (uuid === null || (kind !== "flow_runs" && kind !== "task_runs" && kind !== "flows"))
    return jsonAnswer(404, { detail: "Not Found" })
  if (method !== "GET") return notAllowed("GET")
  const found = one(kind, uuid)
  return found === null
    ? jsonAnswer(404, { detail: `${titles[kind]} not found` })
    : jsonAnswer(200, found)
}
