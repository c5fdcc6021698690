import { gzipSync } from "node:zlib"
import type { HintCode } from "@execlog/core"
import {
  always,
  answering,
  type Failure,
  type Fault,
  type FaultGroup,
  times,
  transport,
} from "./Fault.js"
import type { Answer } from "./FaultProxy.js"

/** The provider's response with another body or other headers. */
const rewritten = (change: (text: string) => Partial<Answer>): Fault["reply"] =>
  answering(async ({ provided }) => {
    const answer = await provided()
    return { ...answer, ...change(String(answer.body)) }
  })

const page = (body: string, type = "application/json"): Partial<Answer> => ({
  headers: { "content-type": type },
  body,
})

/** Trailing white space does not change JSON. */
const overTheCap = (text: string) => text + " ".repeat(2 * transport.maxBodyBytes)

const gzipped = (text: string): Partial<Answer> => ({
  headers: { "content-type": "application/json", "content-encoding": "gzip" },
  body: gzipSync(text),
})

const webPage = (echo: string) =>
  `<!doctype html><html><title>Sign in</title><a href="/?key=${echo}">${echo}</a></html>`

const decode = (hint: HintCode = "check_base_url"): Failure => ({
  kind: "failed",
  reason: "Decode",
  hint,
  requests: 1,
})

const tooLarge: Failure = {
  kind: "failed",
  reason: "TooLarge",
  hint: "request_less",
  requests: 1,
}

const ofManyParts = (name: string, part: (index: number) => string): Fault => ({
  name,
  reply: always(
    answering(() => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: `[${Array.from({ length: manyParts }, (_, index) => part(index)).join()}]`,
    })),
  ),
  transport: { maxBodyBytes: 16 * transport.maxBodyBytes },
  expected: [{ kind: "failed", reason: "TooLarge", hint: "request_less", requests: 1 }],
})

const manyParts = 600_000

export const bodyFaults: FaultGroup = {
  title: "The response is not a page",
  faults: [
    {
      name: "truncated JSON",
      reply: always(rewritten((text) => page(text.slice(0, text.length >> 1)))),
      expected: [decode("retry_later")],
    },
    {
      name: "control characters in JSON, unescaped",
      reply: always(rewritten((text) => page(text.replace('":', '\u0001":')))),
      expected: [decode("retry_later")],
    },
    {
      name: "HTML with status 200",
      reply: always(
        answering(({ echo }) => ({
          status: 200,
          headers: { "content-type": "text/html", "x-echo": echo },
          body: webPage(echo),
        })),
      ),
      expected: [decode()],
    },
    {
      name: "HTML with status 502, always",
      reply: always(
        answering(({ echo }) => ({
          status: 502,
          headers: { "content-type": "text/html" },
          body: webPage(echo),
        })),
      ),
      expected: [
        { kind: "failed", reason: "Unavailable", status: 502, hint: "retry_later", requests: 5 },
      ],
    },
    {
      name: "an empty body with status 200",
      reply: always(rewritten(() => page(""))),
      expected: [decode()],
    },
    {
      name: "JSON of another type: text/plain",
      reply: always(rewritten((text) => page(text, "text/plain"))),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "JSON of another type: text/html",
      reply: always(rewritten((text) => page(text, "text/html; charset=utf-8"))),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "a text instead of JSON",
      reply: always(
        answering(({ echo }) => ({
          status: 200,
          headers: { "content-type": `text/${echo}` },
          body: `OK for ${echo}`,
        })),
      ),
      expected: [decode()],
    },
    {
      name: "status 200 with an error inside",
      reply: always(
        answering(({ echo }) => ({
          status: 200,
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ code: "fault", message: `Something is wrong with ${echo}` }),
        })),
      ),
      expected: [{ ...decode(), says: "Something is wrong" }],
    },
    ofManyParts("600,000 numbers", () => "0"),
    ofManyParts("objects of 600,000 names", (index) => `{"name-${index}":0}`),
    {
      name: "a body over the cap, with its length",
      reply: always(rewritten((text) => page(overTheCap(text)))),
      expected: [tooLarge],
    },
    {
      name: "a body over the cap, in chunks",
      reply: always(
        rewritten((text) => ({
          headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
          body: overTheCap(text),
        })),
      ),
      expected: [tooLarge],
    },
    {
      name: "a body over the cap, gzipped below it",
      reply: always(rewritten((text) => gzipped(overTheCap(text)))),
      expected: [tooLarge],
    },
    {
      name: "a gzipped body below the cap",
      reply: always(rewritten(gzipped)),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "malformed gzip, once",
      reply: times(
        1,
        rewritten((text) => ({ ...gzipped(text), body: text })),
      ),
      expected: [{ kind: "recovered", waitedMs: 1 }],
    },
  ],
}
