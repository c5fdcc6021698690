import type { Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { credentialsOf } from "../../src/recording/Credentials.js"
import { sample } from "../SampleAdapter.js"

const key = "canary-k9/+=xyz"
const credentials = credentialsOf(sample({ apiKey: key }))

it("keeps a text that starts a token 200,000 times unchanged", () => {
  const text = "eyJ-".repeat(200_000)
  expect(credentials.json(text)).toBe(text)
})

describe("credentials in a response", () => {
  it.each<[string, Json, Json]>([
    ["the key in a text", { text: `before ${key} after` }, { text: "before <redacted> after" }],
    ["the key as a name", { [key]: 1 }, { "<redacted>": 1 }],
    ["the key in a URL", `?key=${encodeURIComponent(key)}&a=b`, "?key=<redacted>&a=b"],
    ["the key in base64", [btoa(key)], ["<redacted>"]],
    ["headers as an object", { Authorization: "Bearer a1", host: "h" }, { host: "h" }],
    ["cookies as an object", { cookie: "a=1", "Set-Cookie": ["b=2"], n: 1 }, { n: 1 }],
    ["headers as one list", ["Host", "h", "Authorization", "Bearer other-1"], ["Host", "h"]],
    [
      "headers as pairs",
      [
        ["cookie", "a=1"],
        ["host", "h"],
      ],
      [[], ["host", "h"]],
    ],
    ["headers as named values", [{ name: "Cookie", value: "a=1" }], [{ name: "Cookie" }]],
    [
      "a line of headers",
      "GET /\r\nAuthorization: Token abc\r\nHost: h",
      "GET /\r\nAuthorization: <redacted>\r\nHost: h",
    ],
    ["another bearer token", "sent Bearer 0123456789ab", "sent Bearer <redacted>"],
    ["a JSON Web Token", "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln y", "x <redacted> y"],
    [
      "headers in a text of JSON",
      JSON.stringify({ h: { authorization: "Bearer a1" }, n: 1 }),
      '{"h":{},"n":1}',
    ],
  ])("removes %s", (_, before, after) => {
    expect(credentials.json(before)).toEqual(after)
  })

  it("removes a key of digits written as a number", () => {
    const digits = credentialsOf(sample({ apiKey: String(9_182_736_455) }))
    expect(digits.json({ pin: 9_182_736_455, count: 3 })).toEqual({ pin: "<redacted>", count: 3 })
  })
})

it.each<[string, Json]>([
  ["an ordinary text", "Basic authentication is required, no cookies are set"],
  ["JSON text with unusual spacing", '{"a": 1,  "b": [true, null]}'],
  ["what only begins like JSON", "{not json"],
  ["numbers, true and null", [1, 2.5, true, null]],
])("keeps %s unchanged", (_, value) => {
  expect(credentials.json(value)).toEqual(value)
})

it("writes REDACTED for the key in request headers, and omits cookies", () => {
  const shown = credentials.requestHeaders({
    Authorization: `Bearer ${key}`,
    cookie: "a=1",
    accept: "application/json",
    "x-version": "2",
    "x-note": `for ${key}`,
  })
  expect(shown).toEqual({
    authorization: "Bearer REDACTED",
    "x-version": "2",
    "x-note": "for <redacted>",
  })
})

it("recognizes the provider's own header, and a key encoded in it", () => {
  const encoded = btoa(`user:${key}`)
  const basic = {
    ...sample({ apiKey: key }),
    auth: () => ({ headers: { "x-auth": `Basic ${encoded}` } }),
  }
  const { json, requestHeaders, remainsIn } = credentialsOf(basic)
  expect(requestHeaders({ "X-Auth": `Basic ${encoded}` })).toEqual({ "x-auth": "Basic REDACTED" })
  expect(json({ "X-AUTH": "1", sent: `it was ${encoded}` })).toEqual({ sent: "it was <redacted>" })
  expect(remainsIn(`…${encoded}…`)).toBe(true)
})
