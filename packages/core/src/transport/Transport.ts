import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** One request, ready to send. The headers contain the key. */
export interface TransportRequest {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /**
   * The names of the headers that contain the key; anything that logs a request must omit their
   * values.
   */
  readonly secretHeaders: ReadonlyArray<string>
  readonly body: string | null
  /** The largest response to read, in bytes after decompression. */
  readonly maxBodyBytes: number
}

/** One response. Header names are in lower case. */
export interface TransportResponse {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** The reason why there was no response. */
export class TransportFailure extends Data.TaggedError("TransportFailure")<{
  readonly kind: "broken" | "too_large"
  /** The failure in a few words, such as `connect ECONNREFUSED 127.0.0.1:1`. */
  readonly message: string
}> {}

/** Sends one request and reads one response, without retries, limits or redirects. */
export interface TransportService {
  readonly exchange: (
    request: TransportRequest,
  ) => Effect.Effect<TransportResponse, TransportFailure>
}

/** A transport that uses a `fetch`. Interrupting it closes the socket. */
export const fetchTransport = (fetch: typeof globalThis.fetch): TransportService => ({
  exchange: (request) =>
    Effect.tryPromise({
      try: async (signal) => {
        const response = await fetch(request.url, {
          method: request.method,
          headers: request.headers,
          body: request.body,
          redirect: "manual",
          signal,
        })
        const body = await readBody(response, request.maxBodyBytes)
        return {
          status: response.status,
          // Copied on demand: a successful response is read without its headers.
          get headers() {
            return Object.fromEntries(response.headers)
          },
          body,
        }
      },
      catch: (cause) =>
        cause instanceof TransportFailure
          ? cause
          : new TransportFailure({ kind: "broken", message: describeCause(cause) }),
    }),
})

/**
 * The transport that sends core's requests. Default: plain `fetch`.
 *
 * @example
 * const answer = { status: 200, headers: {}, body: "[]" }
 * const program = Effect.gen(function* () {
 *   const executions = yield* Executions
 *   return yield* executions.page()
 * }).pipe(Effect.provideService(Transport, { exchange: () => Effect.succeed(answer) }))
 */
export const Transport = Context.Reference<TransportService>("@execlog/core/Transport", {
  // Looked up at each call, so that replacing the global fetch later takes effect.
  defaultValue: () => fetchTransport((input, init) => globalThis.fetch(input, init)),
})

const readBody = async (response: Response, maxBodyBytes: number): Promise<string> => {
  const tooLarge = () =>
    new TransportFailure({
      kind: "too_large",
      message: `the response exceeds ${maxBodyBytes} bytes`,
    })
  const declared = Number(response.headers.get("content-length") ?? Number.NaN)
  const isEncoded = (response.headers.get("content-encoding") ?? "identity") !== "identity"
  if (!isEncoded && declared > maxBodyBytes) {
    await response.body?.cancel()
    throw tooLarge()
  }
  if (response.body === null) return ""
  // Read by chunks rather than text(): this enforces the limit if the declared length is too small,
  // and is faster.
  const reader = response.body.getReader()
  const chunks: Array<Uint8Array> = []
  let received = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return decoder.decode(joined(chunks, received))
    received += value.byteLength
    if (received > maxBodyBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
}

const decoder = new TextDecoder()

/** The bytes in one piece. Most responses arrive in one; decoding piece by piece is much slower. */
const joined = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array => {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(length)
  let place = 0
  for (const chunk of chunks) {
    whole.set(chunk, place)
    place += chunk.byteLength
  }
  return whole
}

const describeCause = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const inner = innermost(cause)
  if ("code" in inner && inner.code === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return "the server does not use https on this port"
  }
  const { message } = inner
  // undici gives the status of a proxy that rejects in its message alone.
  const [, rejection] = /^Proxy response \((\d+)\)/.exec(message) ?? []
  return rejection === undefined ? message : `the proxy answered with ${rejection}`
}

/** fetch reports only "fetch failed"; its innermost cause says what happened. */
const innermost = (error: Error): Error => {
  const { cause } = error
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  return inner instanceof Error && inner.message !== "" ? innermost(inner) : error
}
