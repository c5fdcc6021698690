import type { AdapterError, AdapterErrorReason } from "@execlog/core"
import { StoreError, type StoreErrorReason } from "@execlog/store"
import * as Schema from "effect/Schema"
import { HttpApiError } from "effect/http-api"

// Errors of the API, as problem details (RFC 9457).

/** The part of the request that caused a problem, such as `{ kind: "query", name: "since" }`. */
const Subject = Schema.Struct({ kind: Schema.String, name: Schema.String })

/** What to do about it: `code` for programs, `text` for people. */
const Hint = Schema.Struct({ code: Schema.String, text: Schema.String })

/** Where a value of the request is wrong: `["query", "status"]`. */
const Issue = Schema.Struct({
  path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
  message: Schema.String,
})

const members = {
  /** The reason of an AdapterError or a StoreError, or the name of the problem. */
  code: Schema.String,
  subject: Schema.optionalKey(Subject),
  hint: Schema.optionalKey(Hint),
}

/** A parameter, a header or the body is not valid. */
export class InvalidRequest extends HttpApiError.Problem<InvalidRequest>()(
  "InvalidRequest",
  { type: "about:blank", status: 400, title: "Bad Request" },
  { ...members, errors: Schema.optionalKey(Schema.Array(Issue)) },
) {}

/** No token, or one that is not known. */
export class Unauthorized extends HttpApiError.Problem<Unauthorized>()(
  "Unauthorized",
  { type: "about:blank", status: 401, title: "Unauthorized" },
  members,
) {}

/** The token, or the origin of the page that sent the request, may not do this. */
export class Forbidden extends HttpApiError.Problem<Forbidden>()(
  "Forbidden",
  { type: "about:blank", status: 403, title: "Forbidden" },
  members,
) {}

/** There is nothing under this name. */
export class NotFound extends HttpApiError.Problem<NotFound>()(
  "NotFound",
  { type: "about:blank", status: 404, title: "Not Found" },
  members,
) {}

/** Something is served under this name, but not by this method. */
export class MethodNotAllowed extends HttpApiError.Problem<MethodNotAllowed>()(
  "MethodNotAllowed",
  { type: "about:blank", status: 405, title: "Method Not Allowed" },
  members,
) {}

/** The query is valid, and cannot be answered. */
export class Unsupported extends HttpApiError.Problem<Unsupported>()(
  "Unsupported",
  { type: "about:blank", status: 422, title: "Unprocessable Content" },
  members,
) {}

/** The server fails. */
export class InternalError extends HttpApiError.Problem<InternalError>()(
  "InternalError",
  { type: "about:blank", status: 500, title: "Internal Server Error" },
  members,
) {}

/** The store cannot be reached now, or too many requests are open. */
export class Unavailable extends HttpApiError.Problem<Unavailable>()(
  "Unavailable",
  { type: "about:blank", status: 503, title: "Service Unavailable" },
  members,
) {}

/** The problems of a query of the store. */
export const queryProblems = [InvalidRequest, Unsupported, InternalError, Unavailable] as const

type QueryProblem = InvalidRequest | Unsupported | InternalError | Unavailable

/** Shows a failure of the store, or of a query of it, to the client. */
export const problemOf = (error: AdapterError | StoreError): QueryProblem =>
  StoreError.is(error) ? problemOfStore(error) : problemOfQuery(error)

const problemOfQuery = ({ reason, message, subject, hint }: AdapterError): QueryProblem => {
  const fields = {
    code: reason,
    detail: message,
    ...(subject === null ? {} : { subject: { kind: subject.kind, name: subject.name } }),
    ...(hint === null ? {} : { hint: { code: hint.code, text: hint.text } }),
  }
  if (reason === "Unsupported") return new Unsupported(fields)
  return asked.has(reason) ? new InvalidRequest(fields) : new InternalError(fields)
}

const asked: ReadonlySet<AdapterErrorReason> = new Set(["InvalidQuery", "InvalidSettings"])

const passing: ReadonlySet<StoreErrorReason> = new Set(["Locked", "Unreachable"])

/**
 * Shows a failure of the store to the client, without its message: that names files and servers, which
 * are the operator's affair.
 */
const problemOfStore = ({ reason }: StoreError): InternalError | Unavailable =>
  passing.has(reason)
    ? new Unavailable({ code: reason, detail: "The store cannot be reached. Try again later." })
    : new InternalError({ code: reason, detail: "The store failed; the log of the server says why." })
