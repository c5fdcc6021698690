import type { Randomness } from "@execlog/simulator"

/** A response that no server should send. */
export interface HostileAnswer {
  /** The fault, for readers of a finding. */
  readonly kind: string
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array | string
}

/** Makes a hostile response from a valid one; `echo` is the key that was sent. */
export const hostileAnswer = (
  sound: { readonly status: number; readonly text: string },
  random: Randomness,
  { echo, bomb }: { readonly echo: string; readonly bomb: () => Uint8Array },
): HostileAnswer => {
  const pick = <A>(first: A, ...others: ReadonlyArray<A>): A =>
    random.pick([first, ...others]) ?? first
  const json = { "content-type": "application/json" }
  const page = (kind: string, body: HostileAnswer["body"], more = {}): HostileAnswer => ({
    kind,
    status: sound.status,
    headers: { ...json, ...more },
    body,
  })
  const value = () => hostileValue(random, echo)
  const kinds: ReadonlyArray<readonly [weight: number, make: () => HostileAnswer]> = [
    [30, () => page("other values", damaged(sound.text, random, value, 1 + random.below(4)))],
    [6, () => page("cut off", sound.text.slice(0, random.below(sound.text.length + 1)))],
    [6, () => page("bytes changed", flipped(Buffer.from(sound.text), random))],
    [4, () => page("another encoding", encoded(sound.text, random))],
    [4, () => page("a bare value", value())],
    [2, () => page("many items", repeated(sound.text, 10 ** (1 + random.below(4))))],
    [
      1,
      () =>
        page(
          "names repeated",
          sound.text.replaceAll('{"', '{"id":1,"id":[],"__proto__":{"a":1},"'),
        ),
    ],
    [8, () => rejection(random, value(), echo)],
    [4, () => page("odd headers", sound.text, oddHeaders(random, echo))],
    [1, () => page("a gzip bomb", bomb(), { "content-encoding": "gzip" })],
    [
      2,
      () =>
        page("gzip that is none", pick("", "\u001f\u008b", sound.text), {
          "content-encoding": "gzip",
        }),
    ],
    [
      3,
      () => ({
        kind: "a redirect",
        status: pick(301, 302, 303, 307, 308),
        headers: {
          location: pick(
            "/",
            "//elsewhere.example/x",
            "https://elsewhere.example/",
            `?key=${echo}`,
            "http://[",
            "file:///etc/passwd",
            "x".repeat(5000),
          ),
        },
        body: "",
      }),
    ],
    [
      2,
      () => ({
        kind: "a web page",
        status: pick(200, 404, 502),
        headers: { "content-type": "text/html" },
        body: `<!doctype html><title>${echo}</title>${"<a ".repeat(random.below(20_000))}`,
      }),
    ],
  ]
  let roll = random.next() * kinds.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, make] of kinds) {
    roll -= weight
    if (roll < 0) return make()
  }
  return page("nothing", "")
}

/** JSON values in unexpected places. */
const hostileValue = (random: Randomness, echo: string): string => {
  const text = (value: string) => JSON.stringify(value)
  const length = 10 ** (1 + random.below(5)) + random.below(9)
  const makers: ReadonlyArray<() => string> = [
    () => "null",
    () => "true",
    () =>
      ["0", "-0", "-1", "0.5", "1e308", "1e400", "-1e400", "9007199254740993", "8640000000000001"][
        random.below(9)
      ] ?? "0",
    () => ["[]", "{}", "[[]]", "[{}]", "[null]"][random.below(5)] ?? "[]",
    () => '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":1,"then":1}',
    () =>
      text(
        [" ", "a", ".", "\n", "\u0301", "😀", "\ud800", "ÿ", "Ā", "\u202e", "\0", "%", "/", "<"][
          random.below(14)
        ]?.repeat(length) ?? "",
      ),
    () => text(`${" ".repeat(length)}x`),
    () => text(echo),
    () => text(`error: ${echo} ${btoa(echo)} ${encodeURIComponent(echo)}`),
    () =>
      text(
        [
          "2026-13-45T99:99:99Z",
          "0000-01-01T00:00:00Z",
          "+275761-01-01T00:00:00Z",
          "2026-01-01",
          "soon",
          "1e99",
          "https://elsewhere.example/next",
          "http://127.0.0.1:1/",
          "../../x",
          "?a=%ff",
        ][random.below(10)] ?? "",
      ),
    () => `${"[".repeat(length)}${"]".repeat(length)}`,
    () => `${'{"a":'.repeat(length)}1${"}".repeat(length)}`,
    () =>
      `{${Array.from({ length: Math.min(length, 20_000) }, (_, index) => `"k${index}":${index}`).join()}}`,
    () => `[${Array.from({ length: Math.min(length, 20_000) }, () => "{}").join()}]`,
  ]
  return makers[random.below(makers.length)]?.() ?? "null"
}

/** JSON with other values at a number of places. */
const damaged = (json: string, random: Randomness, value: () => string, times: number): string => {
  const places = [...json.matchAll(/"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*|true|false|null/g)]
  const chosen = new Set(Array.from({ length: times }, () => places[random.below(places.length)]))
  let text = json
  for (const place of [...chosen].toSorted((a, b) => (b?.index ?? 0) - (a?.index ?? 0))) {
    if (place === undefined) continue
    text = text.slice(0, place.index) + value() + text.slice(place.index + place[0].length)
  }
  return text
}

const flipped = (bytes: Buffer, random: Randomness): Uint8Array => {
  for (let count = 1 + random.below(20); count > 0; count--) {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
  }
  return bytes
}

const encoded = (text: string, random: Randomness): Uint8Array =>
  [
    () => Buffer.from(text, "utf16le"),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(text.replaceAll("e", "é"), "latin1"),
    () => Buffer.concat([Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from(text)]),
    () => Buffer.from(text.replaceAll('"', "\0")),
  ][random.below(5)]?.() ?? Buffer.from(text)

/** Repeats the last item of the innermost list. */
const repeated = (json: string, times: number): string =>
  json.replace(
    /\[\s*(\{[^{}]*\})/,
    (_, item: string) => `[${`${item},`.repeat(Math.min(times, 20_000))}${item}`,
  )

const rejection = (random: Randomness, value: string, echo: string): HostileAnswer => {
  const status =
    [400, 401, 403, 404, 409, 413, 422, 425, 429, 500, 502, 503, 504, 204, 206, 299, 304][
      random.below(17)
    ] ?? 500
  const name = ["message", "error", "detail", "title", "code"][random.below(5)] ?? "message"
  const waits = ["0", "-1", "1e9", "99999999999", "soon", "Wed, 21 Oct 2099 07:28:00 GMT", echo]
  return {
    kind: "a rejection",
    status,
    headers: {
      "content-type": "application/json",
      "x-request-id": echo,
      "retry-after": waits[random.below(waits.length)] ?? "0",
    },
    body: status === 204 || status === 304 ? "" : `{"${name}":${value},"more":"${echo}"}`,
  }
}

const oddHeaders = (random: Randomness, echo: string): { readonly [name: string]: string } =>
  [
    () => ({ "content-type": "text/plain; charset=utf-16" }),
    () => ({ "content-type": `application/json; ${"a=b; ".repeat(500)}` }),
    () => ({ link: `<https://elsewhere.example/>; rel="next"${", <x>; rel=prev".repeat(300)}` }),
    () => ({ "content-length": "99999999999999" }),
    () => ({ "content-length": "-1", "content-encoding": "br, gzip, zstd" }),
    () => ({ date: "never", "set-cookie": `key=${echo}`, "www-authenticate": `Bearer ${echo}` }),
    () => Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, echo])),
  ][random.below(7)]?.() ?? {}
