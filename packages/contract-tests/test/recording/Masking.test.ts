import type { Actor, Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { makeMasking } from "../../src/recording/Masking.js"
import { readMaskPaths } from "../../src/recording/MaskPath.js"

const actor = (name: string | null, email: string | null): Actor => ({
  kind: "account",
  id: "a-1",
  name,
  email,
})

const masking = (
  answers: ReadonlyArray<Json>,
  paths: ReadonlyArray<string> = [],
  actors: ReadonlyArray<Actor> = [],
) =>
  makeMasking({
    answers,
    actors,
    addresses: true,
    paths: readMaskPaths(paths),
    host: "dify.acme.io",
    words: ["running"],
  })

describe("masking", () => {
  it("numbers a person's name and address alike, everywhere", () => {
    const { json, text } = masking([], [], [actor("Ada Byron", "ada@acme.io"), actor("Bo", null)])
    expect(
      json({
        by: "Ada Byron",
        to: ["ADA@acme.io", "cy@acme.io"],
        note: "Ada Byron <ada@acme.io> told Bo",
        Bo: "Bo",
      }),
    ).toEqual({
      by: "Person 1",
      to: ["person-1@example.com", "person-3@example.com"],
      note: "Person 1 <person-1@example.com> told Bo",
      "Person 2": "Person 2",
    })
    expect(text("cy@acme.io")).toBe("person-3@example.com")
  })

  it("replaces an email address in a URL, in JSON text and between other characters", () => {
    const { text } = masking([])
    expect(text("https://x.io/?u=ada%40acme.io&v=1")).toBe(
      "https://x.io/?u=person-1%40example.com&v=1",
    )
    expect(text('{"mail": "ada@acme.io"}')).toBe('{"mail":"person-1@example.com"}')
    expect(text("«ada@acme.io», jörg.o'neil@müller.de")).toBe(
      "«person-1@example.com», person-2@example.com",
    )
  })

  it("keeps package names with versions, as in stack traces", () => {
    const path = "/opt/n8n/n8n-core@1.122.0_@opentelemetry+api@1.10.0_asn1.js@5.4.1/x.ts:1:2"
    expect(masking([]).text(path)).toBe(path)
  })

  it("keeps a text of 100,000 characters without an address unchanged", () => {
    const long = "a".repeat(100_000)
    expect(masking([]).text(long)).toBe(long)
  })

  it("skips made-up names that a response already contains", () => {
    const { text } = masking(["person-1@example.com and Person 2"])
    expect(text("ada@acme.io")).toBe("person-3@example.com")
  })

  it("replaces values at the chosen paths, and the same values elsewhere", () => {
    const answers = [
      {
        data: [{ phone: "+41 44 123", owner: { id: 7, ok: true } }],
        inputs: '{"user": {"key": "u-77"}}',
      },
    ]
    const { json, text, hidesNumber } = masking(answers, ["data.*.phone", "data.*.owner", "**.KEY"])
    expect(answers.map(json)).toEqual([
      {
        data: [{ phone: "masked-1", owner: { id: 1, ok: true } }],
        inputs: '{"user":{"key":"masked-2"}}',
      },
    ])
    expect(json({ total: 7, called: "from +41 44 123 at 7", id: "u-77", other: "u-777" })).toEqual({
      total: 7,
      called: "from masked-1 at 7",
      id: "masked-2",
      other: "u-777",
    })
    expect(text("u-77")).toBe("masked-2")
    expect([hidesNumber("7"), hidesNumber("8")]).toEqual([true, false])
  })

  it("replaces a UUID by a UUID, and an email address by an email address", () => {
    const answers = [{ id: "86aacd66-e8fb-42b2-b8a1-f4158a59c3b0", mail: "ada@acme.io" }]
    expect(answers.map(masking(answers, ["id", "mail"]).json)).toEqual([
      { id: "00000000-0000-4000-8000-000000000001", mail: "person-1@example.com" },
    ])
  })

  it("keeps the provider's status words, even when a person has such a name", () => {
    const { json } = masking([{ state: "running" }], ["state"], [actor("running", null)])
    expect(json({ state: "running" })).toEqual({ state: "running" })
  })

  it("replaces the host of a private server", () => {
    const { text, counts } = masking([])
    expect(text("https://dify.acme.io/v1 and xdify.acme.io")).toBe(
      "https://server.example.com/v1 and xdify.acme.io",
    )
    expect(counts()).toEqual({ addresses: 0, names: 0, values: 0, hosts: 1 })
  })
})

describe("readMaskPaths", () => {
  it.each(["", "data.", "data..email", "data.*mail*"])("rejects the mask path %j", (path) => {
    expect(() => readMaskPaths([path])).toThrow(
      expect.objectContaining({
        reason: "InvalidSettings",
        message: `${JSON.stringify(path)} is not a valid path to mask.`,
      }),
    )
  })
})
