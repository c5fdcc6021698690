import { Id, isJsonObject, parseJson } from "@execlog/core/adapter"

/** A cursor is JSON in base64: the last id, and the limit, which overrides that of the request. */
export const resized = (cursor: string, limit: number): string => {
  const held = parseJson(atob(cursor))
  return isJsonObject(held) && typeof held["limit"] === "number" && held["limit"] !== limit
    ? btoa(JSON.stringify({ ...held, limit }))
    : cursor
}

/** The position of an id in the list: numbers descend; the UUIDv7s of engine 2 come after them. */
export const listPositionOf = (id: string): number =>
  Id.uuid.fits(id) ? Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) - 2 ** 52 : Number(id)
