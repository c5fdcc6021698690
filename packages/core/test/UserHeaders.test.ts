import { describe, expect, it } from "vitest"
import { AdapterError, createClient, type Execution } from "../src/index.js"
import { own } from "./OwnConnection.js"
import { sampleFetch, windowsByNumber } from "./SampleProvider.js"

type Fetch = typeof globalThis.fetch

const connection = windowsByNumber({ apiKey: "canary-key-123" })
const gateway = { "X-Gateway-Key": "canary-gateway-7" }
const rows = Array.from({ length: 12 }, (_, index) => ({ id: `row-${index}`, at: 1e12 + index }))
const served = sampleFetch({ rows })

const clientWith = (headers: { readonly [name: string]: string | undefined }, fetch: Fetch) =>
  createClient(connection, { name: "shop", transport: { headers, retries: 0 }, fetch })

const rejectionOf = (headers: { readonly [name: string]: string | undefined }): AdapterError => {
  try {
    clientWith(headers, served)
  } catch (error) {
    if (AdapterError.is(error)) return error
  }
  throw new Error("the headers were expected to be rejected")
}

const errorOf = async (fetch: Fetch, headers: { readonly [name: string]: string } = gateway) => {
  const error: unknown = await clientWith(headers, fetch)
    .page()
    .catch((cause: unknown) => cause)
  if (AdapterError.is(error)) return error
  throw new Error("the page was expected to fail")
}

describe("the user's own headers", () => {
  it("sends the headers with every request, beside the key", async () => {
    const seen: Array<Headers> = []
    const watched: Fetch = (input, init) => {
      seen.push(new Headers(init?.headers))
      return served(input, init)
    }
    const given: Array<Execution> = []
    const pages = clientWith({ ...gateway, "x-team": "a b" }, watched)
    for await (const execution of pages.executions({ pageSize: 5 })) given.push(execution)
    expect(given).toHaveLength(12)
    expect(seen.length).toBeGreaterThan(2)
    for (const headers of seen) {
      expect(headers.get("x-gateway-key")).toBe("canary-gateway-7")
      expect(headers.get("x-team")).toBe("a b")
      expect(headers.get("authorization")).toBe("Bearer canary-key-123")
      expect(headers.get("accept")).toBe("application/json")
    }
  })

  it("does not send the headers to another origin", async () => {
    const asked: Array<string> = []
    const error = await errorOf(async (input) => {
      asked.push(new Request(input).url)
      return new Response(null, { status: 302, headers: { location: "https://evil.example/" } })
    })
    expect(error.reason).toBe("Transport")
    expect(asked).toHaveLength(1)
  })

  it.each([
    ["as it is", (key: string) => key],
    ["in base64", (key: string) => btoa(key)],
    ["in a URL", (key: string) => `https://elsewhere.example/?key=${encodeURIComponent(key)}`],
  ])("removes the headers from an error when a gateway repeats them %s", async (_how, echo) => {
    const message = `who is ${echo("canary-gateway-7")}?`
    const error = await errorOf(async () => Response.json({ message }, { status: 401 }))
    expect(error.providerMessage).toContain("<redacted>")
    expect(JSON.stringify(error) + String(error.stack)).not.toContain("canary")
  })

  it("removes the headers from an error when fetch fails with the request", async () => {
    const error = await errorOf((_, init) =>
      Promise.reject(
        new TypeError("fetch failed", { cause: new Error(JSON.stringify(init?.headers)) }),
      ),
    )
    expect(JSON.stringify(error) + String(error.stack)).not.toContain("canary")
  })

  it("removes the headers from an error when they appear without their scheme", async () => {
    const fetch: Fetch = async () => Response.json({ message: "no canary-token" }, { status: 401 })
    const error = await errorOf(fetch, { "x-forwarded-authorization": "Bearer canary-token" })
    expect(error.providerMessage).toBe("no <redacted>")
  })

  it("resumes a cursor after the headers changed", async () => {
    const first = await clientWith({}, served).page({ pageSize: 5 })
    const second = await clientWith(gateway, served).page({ pageSize: 5 }, first.next)
    const third = await clientWith({ "x-other": "canary-2" }, served).page(
      { pageSize: 5 },
      second.next,
    )
    const ids = [first, second, third].flatMap((page) => page.executions.map(({ id }) => id))
    expect(new Set(ids).size).toBe(12)
    expect(clientWith(gateway, served).server).toBe(clientWith({}, served).server)
  })
})

describe("a header that cannot be set", () => {
  it.each([
    [
      "the key",
      "Authorization",
      "canary-1",
      'The header "Authorization" carries the key of sample',
    ],
    ["the type of the body", "Content-Type", "text/plain", '"Content-Type" cannot be set'],
    ["the length of the body", "content-length", "0", '"content-length" cannot be set'],
    ["the accepted types", "Accept", "text/html", '"Accept" cannot be set'],
    ["the host", "Host", "evil.example", '"Host" cannot be set'],
    ["a key of a proxy", "Proxy-Authorization", "canary-1", '"Proxy-Authorization" cannot be set'],
    ["a line break", "x-key", "canary-1\r\nx-other: 1", '"x-key" contains a line break'],
    ["a character that no header may have", "x-key", "canary-ü", '"x-key" contains a line break'],
    [
      "a space at its end",
      "x-key",
      "canary-1 ",
      '"x-key" contains a line break, a space at an end',
    ],
    ["nothing", "x-key", "", '"x-key" is empty'],
    ["no value", "x-key", undefined, '"x-key" has no value'],
    [
      "a name that is not valid",
      "canary 1",
      "x-key",
      "The name of header 1 contains characters that are not allowed in a name",
    ],
    ["a line break in its name", "x\r\ny: canary", "1", "The name of header 1 contains"],
    ["no name", "", "canary", "The name of header 1 contains"],
  ])("rejects %s, and names the header", (_what, name, value, message) => {
    const error = rejectionOf({ [name]: value })
    expect(error.reason).toBe("InvalidSettings")
    expect(error.message).toContain(message)
    expect(error.message).not.toContain("canary")
  })

  it("rejects a header that is given twice", () => {
    expect(rejectionOf({ "x-key": "1", "X-Key": "2" }).message).toContain("given twice")
  })

  it("rejects a header that the adapter's request sets itself", async () => {
    const list = {
      ...connection.list,
      request: () => ({
        method: "GET" as const,
        path: "/rows",
        headers: { "X-Api-Version": "2" },
      }),
    }
    const client = createClient(own({ ...connection, list }), {
      transport: { headers: { "x-api-version": "3" } },
      fetch: served,
    })
    await expect(client.page()).rejects.toMatchObject({
      reason: "InvalidSettings",
      message: 'The header "X-Api-Version" cannot be set: execlog sets it for GET /rows.',
    })
  })
})
