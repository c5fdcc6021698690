import type { HttpServerRequest } from "effect/http"

/** Whether a request asks for a media type by name. */
export const accepts = (
  { headers }: Pick<HttpServerRequest.HttpServerRequest, "headers">,
  type: string,
): boolean =>
  (headers["accept"] ?? "")
    .split(",")
    .some((range) => range.split(";", 1)[0]?.trim().toLowerCase() === type)
