/** A request and its response as sent, including the key: never write it unchanged. */
export interface SeenExchange {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | null
  readonly status: number
  readonly answerHeaders: ReadonlyArray<readonly [string, string]>
  readonly text: string
}

/**
 * A `fetch` that keeps exchanges as far as the client reads them, up to its limit. Of a retried request,
 * only the last response is kept.
 */
export const recordingFetch =
  (fetch: typeof globalThis.fetch, seen: Array<SeenExchange>): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    const request = new Request(input, init)
    const decoder = new TextDecoder()
    const parts: Array<string> = []
    const exchange: SeenExchange = {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: typeof init?.body === "string" ? init.body : null,
      status: response.status,
      answerHeaders: [...response.headers],
      get text() {
        return parts.join("")
      },
    }
    const last = seen.at(-1)
    if (last !== undefined && last.status >= 400 && isSameRequest(last, exchange)) seen.pop()
    seen.push(exchange)
    if (response.body === null) return response
    const kept = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, read) => {
        parts.push(decoder.decode(chunk, { stream: true }))
        read.enqueue(chunk)
      },
    })
    return new Response(response.body.pipeThrough(kept), response)
  }

const isSameRequest = (one: SeenExchange, other: SeenExchange): boolean =>
  one.method === other.method && one.url === other.url && one.body === other.body
