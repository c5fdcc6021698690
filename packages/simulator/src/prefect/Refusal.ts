/** A refused request, with the body of its answer. A text becomes an `exception_message`. */
export class PrefectRefusal extends Error {
  override readonly name = "PrefectRefusal"
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(typeof body === "string" ? body : JSON.stringify(body))
    this.status = status
    this.body = typeof body === "string" ? { exception_message: body } : body
  }
}
