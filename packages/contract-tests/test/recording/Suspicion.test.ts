import type { Json } from "@execlog/core"
import { expect, it } from "vitest"
import { suspicionsOf } from "../../src/recording/Suspicion.js"

const random = "Zk3vQ9xTb7LmR2pWc8YdN4aH"
const hex = "9f86d081884c7d659a2feaa0c55ad015"

const fixture = (response: Json, more: { readonly [name: string]: Json } = {}): Json => ({
  exchanges: [
    { path: "/v1/rows", reqheaders: { authorization: "Bearer REDACTED" }, response, ...more },
  ],
})

it("suspects nothing in a text that starts a token 200,000 times", () => {
  expect(suspicionsOf(fixture("eyJ-".repeat(200_000)))).toEqual([])
})

it.each<[string, Json, string, string]>([
  [
    "a key of Dify",
    fixture({ note: "app-0123456789abcdefXYZ" }),
    "key",
    "exchanges[0].response.note",
  ],
  [
    "a key with a known prefix",
    fixture("sk_live_0123456789abcdef"),
    "key",
    "exchanges[0].response",
  ],
  [
    "a key of GitLab",
    fixture({ note: "with glpat-0123456789abcdefghij" }),
    "key",
    "exchanges[0].response.note",
  ],
  ["a key of Google", fixture(`AIza${"Sy0-abcd".repeat(4)}xyz`), "key", "exchanges[0].response"],
  [
    "a bearer token in a text",
    fixture({ sent: "Bearer 0123456789ab" }),
    "key",
    "exchanges[0].response.sent",
  ],
  [
    "a header that was not redacted",
    fixture(null, { reqheaders: { "x-api-key": "abc" } }),
    "key",
    "exchanges[0].reqheaders.x-api-key",
  ],
  ["a private key", fixture("-----BEGIN RSA PRIVATE KEY-----"), "key", "exchanges[0].response"],
  [
    "a JSON Web Token",
    fixture(["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"]),
    "token",
    "exchanges[0].response[0]",
  ],
  ["long hex", fixture({ secret: hex }), "token", "exchanges[0].response.secret"],
  ["random letters", fixture({ a: [{ b: random }] }), "token", "exchanges[0].response.a[0].b"],
  [
    "random letters in JSON in a text",
    fixture({ inputs: JSON.stringify({ session: random }) }),
    "token",
    "exchanges[0].response.inputs.session",
  ],
  [
    "random letters as a name",
    fixture({ [random]: 1 }),
    "token",
    `exchanges[0].response.${random}`,
  ],
  [
    "random letters in a path",
    fixture(null, { path: `/v1/rows?sig=${random}` }),
    "token",
    "exchanges[0].path.sig",
  ],
  [
    "a token in every request, even when a response repeats it",
    {
      exchanges: [
        { path: `/v1/rows?sig=${random}`, response: { next: `/v1/rows?sig=${random}` } },
        { path: `/v1/rows?sig=${random}`, response: {} },
      ],
    },
    "token",
    "exchanges[0].path.sig",
  ],
  ["an email address", fixture({ by: "ada@acme.io" }), "address", "exchanges[0].response.by"],
  [
    "an email address at a host that only ends like example.com",
    fixture("ada@notexample.com"),
    "address",
    "exchanges[0].response",
  ],
  [
    "an email address in a path",
    fixture(null, { path: "/v1/rows?by=ada%40acme.io" }),
    "address",
    "exchanges[0].path.by",
  ],
  [
    "a home directory on Linux",
    fixture({ error: 'File "/home/ada/app.py", line 3' }),
    "machine path",
    "exchanges[0].response.error",
  ],
  [
    "the home directory of root",
    fixture("open /root/flows/daily.py"),
    "machine path",
    "exchanges[0].response",
  ],
  [
    "a temporary folder of macOS",
    fixture("/var/folders/x1/T/report.csv"),
    "machine path",
    "exchanges[0].response",
  ],
  [
    "a home directory on macOS",
    fixture("at file:///Users/ada/app.js"),
    "machine path",
    "exchanges[0].response",
  ],
  [
    "a home directory on Windows",
    fixture(String.raw`C:\Users\ada`),
    "machine path",
    "exchanges[0].response",
  ],
])("suspects %s", (_, of, kind, place) => {
  const [first] = suspicionsOf(of)
  expect(first).toMatchObject({ kind, place })
  expect(first?.shown.length).toBeLessThan(6)
})

it("returns the keys and indexes that lead to a finding", () => {
  expect(suspicionsOf(fixture({ "a.b": [{ c: random }] }))).toMatchObject([
    { path: ["exchanges", 0, "response", "a.b", 0, "c"] },
  ])
})

it.each<[string, Json]>([
  ["ids", fixture({ id: hex, executionId: random, user_id: random, nextCursor: random })],
  ["an id from a response in a path", fixture({ id: random }, { path: `/v1/rows/${random}` })],
  ["a cursor in a path", fixture(null, { path: `/v1/rows?cursor=${random}` })],
  [
    "the target of a Link header",
    fixture(null, {
      path: "/v1/rows?limit=5",
      rawHeaders: ["link", `</v1/rows>; rel="first", </v1/rows?before=${random}>; rel=next`],
    }),
  ],
  [
    "a value that the next request took from a response",
    {
      exchanges: [
        { path: "/v1/rows", response: { go_on: `/v1/rows?before=${random}` } },
        { path: `/v1/rows?before=${random}`, response: {} },
      ],
    },
  ],
  [
    "a value that a resumed walk took from a response",
    {
      exchanges: [{ path: "/v1/rows", response: { page_token: random } }],
      resumed: [
        {
          after: 1,
          exchanges: [
            { path: "/v1/rows", response: { page_token: random } },
            { path: `/v1/rows?page_token=${random}`, response: {} },
          ],
        },
      ],
    },
  ],
  ["UUIDs anywhere", fixture({ sys: "86aacd66-e8fb-42b2-b8a1-f4158a59c3b0" })],
  [
    "long words",
    fixture("created_by_end_user_session_id=user-1 internationalization-of-everything"),
  ],
  [
    "made-up people",
    fixture({ by: ["ada@example.com", "bo@mail.example.org", "cy@x.test", "di@y.invalid"] }),
  ],
  ["a URL with the word home", fixture("https://acme.io/home/start and ./home/x")],
  [
    "package names with versions, as in stack traces",
    fixture("at run (/opt/n8n/n8n-core@1.122.0_@opentelemetry+api@1.10.0_asn1.js@5.4.1/x.ts:1:2)"),
  ],
  ["redacted values", fixture({ sent: "Bearer <redacted>", authorization: "Basic REDACTED" })],
])("does not suspect %s", (_, of) => {
  expect(suspicionsOf(of)).toEqual([])
})
