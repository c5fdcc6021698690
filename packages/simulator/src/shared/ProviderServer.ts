import type { HttpAnswer, HttpRequest } from "./HttpAnswer.js"

/** The log API of one provider over one history. */
export interface ProviderServer {
  readonly answer: (request: HttpRequest) => HttpAnswer
  /** Time that 1000 skipped rows cost, in milliseconds. */
  readonly offsetCostMs: number
}
