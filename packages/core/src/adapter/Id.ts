/**
 * Shapes of ids, so that a text which cannot be an id is rejected without a request. Import it as a
 * namespace: `Id.uuid`.
 */

/** The shape of an id. */
export interface Shape {
  /** Its name, with an article: `"a UUID"`. */
  readonly name: string
  /** Whether a text has this shape. */
  readonly fits: (id: string) => boolean
}

/** A UUID of any version: hex digits with hyphens, in either case. */
export const uuid: Shape = {
  name: "a UUID",
  fits: (id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id),
}

/** Decimal digits only. */
export const number: Shape = { name: "a number", fits: (id) => /^\d+$/.test(id) }

/** One of several shapes, for example if versions of the server number differently. */
export const either = (...shapes: readonly [Shape, ...ReadonlyArray<Shape>]): Shape => ({
  name: shapes.map(({ name }) => name).join(" or "),
  fits: (id) => shapes.some((shape) => shape.fits(id)),
})
