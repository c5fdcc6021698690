/** A request that Alloy's server answers with 400. */
export class AlloyQueryError extends Error {
  override readonly name = "AlloyQueryError"
}
