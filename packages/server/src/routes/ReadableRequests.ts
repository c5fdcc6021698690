import * as Effect from "effect/Effect"
import { type HttpApiError, HttpApiMiddleware } from "effect/http-api"
import type * as Layer from "effect/Layer"
import * as SchemaIssue from "effect/SchemaIssue"
import { ReadableRequests } from "../api/Api.js"
import { InternalError, InvalidRequest } from "../api/Problem.js"

/** Describes what is wrong with a request, part by part. */
export const readableRequestsLayer: Layer.Layer<ReadableRequests> =
  HttpApiMiddleware.layerSchemaErrorTransform(ReadableRequests, (error) =>
    Effect.fail(
      error.kind === "Body" || error.kind === "ResponseHeaders"
        ? new InternalError({ code: "Encode", detail: "The response cannot be written." })
        : invalidRequest(error),
    ),
  )

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const invalidRequest = ({ kind, cause }: HttpApiError.HttpApiSchemaError): InvalidRequest => {
  const slot = kind.toLowerCase()
  const errors = formatIssue(cause.issue).issues.map(({ message, path = [] }) => ({
    path: [slot, ...path.map(keyOf)],
    message,
  }))
  const name = errors[0]?.path[1]
  return new InvalidRequest({
    code: "InvalidQuery",
    detail: errors.map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`).join("; "),
    ...(name === undefined ? {} : { subject: { kind: slot, name: String(name) } }),
    errors,
  })
}

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): string | number => {
  const key = typeof segment === "object" ? segment.key : segment
  return typeof key === "number" ? key : String(key)
}
