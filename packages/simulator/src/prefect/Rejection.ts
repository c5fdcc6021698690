/** A rejected request, with the body of its answer. A text becomes an `exception_message`. */
export class PrefectRejection extends Error {
  override readonly name = "PrefectRejection"
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(typeof body === "string" ? body : JSON.stringify(body))
    this.status = status
    this.body = typeof body === "string" ? { exception_message: body } : body
  }
}
