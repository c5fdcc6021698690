import { Id, isJsonObject, parseJson } from "@execlog/core/adapter"

/** A cursor is JSON in base64: the last id, and the limit, which counts before that of the request. */
export const resized = (cursor: string, limit: number): string => {
  const held = parseJson(atob(cursor))
  return isJsonObject(held) && typeof held["limit"] === "number" && held["limit"] !== limit
    ? btoa(JSON.stringify({ ...held, limit }))
    : cursor
}

/** Where an id stands in the list: numbers go down; UUIDv7, which engine 2 gives, come behind them. */
export const placeOf = (id: string): number =>
  Id.uuid.fits(id) ? Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) - 2 ** 52 : Number(id)
