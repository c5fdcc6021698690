/**
 * What a provider's ids look like, so that what cannot be one is refused without asking. Import it as
 * a namespace: `Id.uuid`.
 */

/** The shape of an id. */
export interface Shape {
  /** What it is, with its article: `"a UUID"`. */
  readonly name: string
  /** Whether a text has this shape. */
  readonly fits: (id: string) => boolean
}

/** A UUID of any version, in hex digits with hyphens, in small or capital letters. */
export const uuid: Shape = {
  name: "a UUID",
  fits: (id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id),
}

/** Decimal digits alone. */
export const number: Shape = { name: "a number", fits: (id) => /^\d+$/.test(id) }

/** One of several shapes, as where servers of another version number in another way. */
export const either = (...shapes: readonly [Shape, ...ReadonlyArray<Shape>]): Shape => ({
  name: shapes.map(({ name }) => name).join(" or "),
  fits: (id) => shapes.some((shape) => shape.fits(id)),
})
