import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { makeRedactor, redacted } from "../src/model/Redaction.js"

const hexOf = (character: string): string =>
  character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()

describe("removing a secret from a text", () => {
  const secret = 'k"y/with+odd=(chars)?>~'
  const { text } = makeRedactor([secret, "abc"])

  it.each([
    ["as it is", secret],
    ["as a URL writes it", encodeURIComponent(secret)],
    ["as a form writes it", new URLSearchParams({ key: secret }).toString().slice(4)],
    ["as another URL writer writes it", encodeURIComponent(secret).toLowerCase()],
    ["in base64", btoa(secret)],
    ["in base64 without padding", btoa(secret).replace(/=+$/, "")],
    ["in base64 for URLs", Buffer.from(secret).toString("base64url")],
    ["as JSON writes it", JSON.stringify(secret)],
    ["in base64 behind a word", btoa(`Bearer ${secret}`)],
    ["in base64 behind a name", btoa(`me:${secret}`)],
    ["in base64 behind a longer name", btoa(`user:${secret}`)],
    ["in base64 between others", btoa(`{"key":"${secret}","more":1}`)],
    ["in base64 for URLs behind a word", Buffer.from(`Bearer ${secret}`).toString("base64url")],
    ["in base64 in lines", btoa(secret.repeat(2)).replaceAll(/.{10}/g, "$&\r\n")],
    ["in base64 twice without a gap", btoa(secret.slice(0, 24).repeat(2))],
    ["in base64 in lines of JSON", btoa(secret).replaceAll(/.{10}/g, String.raw`$&\n`)],
    ["as JSON of PHP", JSON.stringify(secret).replaceAll("/", String.raw`\/`)],
    ["as JSON of .NET", secret.replaceAll(/\W/g, (c) => String.raw`\u00` + hexOf(c))],
    ["as programs write bytes", secret.replaceAll(/\W/g, (c) => String.raw`\x` + hexOf(c))],
    ["as HTML by number", secret.replaceAll(/\W/g, (c) => `&#${c.charCodeAt(0)};`)],
    ["as HTML by hexadecimal number", secret.replaceAll(/\W/g, (c) => `&#x${hexOf(c)};`)],
    ["as HTML by name", secret.replaceAll('"', "&quot;").replaceAll(">", "&gt;")],
    ["as a URL within a URL", encodeURIComponent(encodeURIComponent(secret))],
    ["as a URL in JSON in HTML", encodeURIComponent(secret).replaceAll("%", "&#37;")],
    ["as a URL that escapes all", secret.replaceAll(/./g, (c) => `%${hexOf(c)}`)],
  ])("removes a secret written %s", (_, form) => {
    const cleaned = text(`before ${form} after`)
    expect(cleaned).toContain(redacted)
    expect(cleaned).toMatch(/^before .* after$/)
    expect(cleaned).not.toContain("odd")
    expect(cleaned).not.toContain(btoa(secret).slice(0, 8))
  })

  it("removes a secret of any characters and any length", () => {
    for (const odd of ["ключ-canary", "canary-\ud800", "canary".repeat(50_000)]) {
      expect(makeRedactor([odd]).whole(`<${odd}>`)).toBe(`<${redacted}>`)
    }
    const bytes = Buffer.from("Bearer ключ-canary").toString("base64")
    expect(makeRedactor(["ключ-canary"]).whole(bytes)).not.toContain(bytes.slice(-12))
  })

  it("keeps a secret of fewer than four characters", () => {
    expect(text("abcdef")).toBe("abcdef")
  })
})

it("removes the secret from a whole text, and before a shown text is cut", () => {
  const { text, whole } = makeRedactor(["canary-long-1"])
  const long = `${"x".repeat(900)} canary-long-1 end`
  expect(whole(long)).toBe(`${"x".repeat(900)} ${redacted} end`)
  expect(text(long)).toBe(`${"x".repeat(800)}…`)
})

it("leaves no half of a secret's base64 when a text is cut", () => {
  const long = "canary-".repeat(150)
  const { text } = makeRedactor([long])
  const form = btoa(long)
  for (let before = 0; before < form.length; before += 90) {
    const cleaned = text(`Refused: ${"x".repeat(before)}${form.repeat(60)}`)
    expect(cleaned).not.toContain(form.slice(40, 80))
    expect(cleaned).toMatch(/^Refused: /)
  }
})

it("removes the secret from a text of megabytes, also where it is cut", () => {
  const { text } = makeRedactor(["canary-long-1"])
  for (const before of [64 * 1024 - 8, 64 * 1024 - 20, 700]) {
    const cleaned = text(
      " canary-long-1".repeat(5000).slice(0, before) + "canary-long-1".repeat(9000),
    )
    expect(cleaned).not.toContain("canary")
    expect(cleaned.length).toBeLessThanOrEqual(801)
  }
})

it.each(["canary-plain-1", "canary~?>~?>~?>"])(
  "finds the secret %s in ASCII text exactly where it finds it between other characters",
  (secret) => {
    const { holds } = makeRedactor([secret])
    const encodings = ["", "a", "ab"].flatMap((before) => {
      const bytes = Buffer.from(`${before}${secret}!`)
      return [bytes.toString("base64"), bytes.toString("base64url")]
    })
    const part = fc.oneof(
      fc.constantFrom(secret, secret.toUpperCase(), ...encodings, "-", "_", " ", "/", "+"),
      fc.tuple(fc.constantFrom(secret, ...encodings), fc.nat(), fc.nat()).map(
        // Cut anywhere, or written in both alphabets.
        ([form, at, other]) =>
          form.slice(at % form.length) + form.slice(0, other % form.length).replace("+", "-"),
      ),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const text = parts.join("")
        expect(holds(text)).toBe(holds(`é${text}é`))
      }),
    )
  },
)
