import { createServer, type RequestListener, type Server } from "node:http"
import { startSimulator } from "@execlog/simulator"
import { afterEach, describe, expect, it } from "vitest"
import { execlog, linesOf, shell } from "./Execlog.js"

const servers: Array<Server> = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return `http://127.0.0.1:${address.port}/v1`
}

/** Has characters that URLs and JSON escape. */
const key = 'app-canary-"/+=%\\secret'

const list = (baseUrl: string, ...args: ReadonlyArray<string>) =>
  execlog(
    ["list", "--provider", "dify", "--set", `baseUrl=${baseUrl}`, "--set", "retries=0", ...args],
    {
      environment: { DIFY_API_KEY: key },
    },
  )

const answers: ReadonlyArray<
  readonly [name: string, answer: RequestListener, code: number, message: string, hint: string]
> = [
  [
    "a web page",
    (_, response) =>
      response.setHeader("content-type", "text/html").end("<!doctype html><p>Sign in"),
    5,
    "with a web page instead of JSON",
    "Check that the base URL leads to the provider's API",
  ],
  [
    "nothing",
    (_, response) => response.end(),
    5,
    "with nothing instead of JSON",
    "Check that the base URL leads to the provider's API",
  ],
  [
    "half a page",
    (_, response) => response.end('{"page":1,"limit":100,"data":[{"id":'),
    5,
    "with invalid or truncated JSON",
    "Try again; if it fails again",
  ],
  [
    "an array",
    (_, response) => response.end("[]"),
    5,
    "with data that is not a page: Expected object",
    "Check that the base URL leads to the provider's API",
  ],
  [
    "another object",
    (_, response) => response.end('{"result":"success"}'),
    5,
    "with data that is not a page: data: Missing key",
    "Check that the base URL leads to the provider's API",
  ],
  [
    "a broken connection",
    (request) => request.socket.destroy(),
    5,
    "Dify did not answer GET /workflows/logs at http://127.0.0.1:",
    "Check the base URL, the network",
  ],
  [
    "less than announced",
    (request, response) => {
      response.writeHead(200, { "content-length": "500" })
      response.write('{"page":1', () => request.socket.destroy())
    },
    5,
    "Dify did not answer GET /workflows/logs at http://127.0.0.1:",
    "Check the base URL, the network",
  ],
  [
    "429 with a time to wait",
    (_, response) => response.writeHead(429, { "retry-after": "30" }).end("{}"),
    5,
    "with 429",
    "The provider asks to wait 30.0s. Try again later",
  ],
  [
    "401",
    (_, response) => response.writeHead(401).end('{"message":"Access token is invalid"}'),
    3,
    "with 401: Access token is invalid",
    "Check the key",
  ],
  [
    "403",
    (_, response) => response.writeHead(403).end("{}"),
    3,
    "with 403",
    "Check its permissions",
  ],
  [
    "404",
    (_, response) => response.writeHead(404).end("<html>"),
    4,
    "with 404",
    "Check the base URL: http://127.0.0.1:",
  ],
  ["429", (_, response) => response.writeHead(429).end("{}"), 5, "with 429", "Try again later"],
  ["503", (_, response) => response.writeHead(503).end("{}"), 5, "with 503", "Try again later"],
  [
    "a redirect elsewhere",
    (_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
    5,
    "the key is not sent there",
    "set baseUrl to its new address",
  ],
  [
    "a message with the key and colours",
    (_, response) =>
      response.writeHead(401).end(JSON.stringify({ message: `\u001b[2J no ${key} \u202e` })),
    3,
    "\\x1b[2J no <redacted> \\u202e",
    "Check the key",
  ],
  [
    "a message with the key as others write it",
    (_, response) =>
      response.writeHead(400).end(
        JSON.stringify({
          message: `no ${encodeURIComponent(key)} ${btoa(key)} ${JSON.stringify(key)}`,
        }),
      ),
    2,
    "no <redacted> <redacted>",
    "Correct the query",
  ],
]

describe("an unexpected response", () => {
  it.each(answers)(
    "reports a response of %s in one line, and says what to do in the next",
    async (_name, answer, expected, message, hint) => {
      const { code, stdout, stderr } = await list(await serve(answer))
      expect(stderr).toContain(message)
      expect(stderr).toMatch(/^execlog: dify: /)
      // The first line says what is wrong, the second what to do.
      expect(stderr.trimEnd().split("\n")).toHaveLength(2)
      expect(stderr.split("\n")[1]).toContain(hint)
      expect(stderr).not.toContain(key)
      expect(stderr).not.toContain("\u001b")
      expect(stdout).toBe("")
      expect(code).toBe(expected)
    },
  )
})

describe("a server that does not respond properly", () => {
  it("names the address, and what to check, when nothing listens there", async () => {
    const baseUrl = await serve(() => {})
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const { code, stderr } = await list(baseUrl)
    expect(stderr).toContain(`did not answer GET /workflows/logs at ${new URL(baseUrl).origin}`)
    expect(stderr).toContain("Check the base URL, the network, and that the server is up.")
    expect(code).toBe(5)
  })

  it("fails after timeoutMs when the server never responds", async () => {
    const { code, stderr } = await list(await serve(() => {}), "--set", "timeoutMs=200")
    expect(stderr).toContain("Dify did not answer GET /workflows/logs within 200 ms")
    expect(code).toBe(5)
  })

  it("warns of an unreadable item, and exits with 6 under --strict", async () => {
    await using simulator = await startSimulator({ dify: { executions: 5 } })
    const rows: ReadonlyArray<object> = [...simulator.dify.truth()]
    const page = {
      page: 1,
      limit: 100,
      total: 6,
      has_more: false,
      data: [...rows, { id: "odd", created_at: "\u001b" }],
    }
    const baseUrl = await serve((_, response) => response.end(JSON.stringify(page)))
    const lenient = await list(baseUrl)
    expect(linesOf(lenient.stdout)).toHaveLength(5)
    expect(lenient.stderr).toContain("warning: dify: item 5 (odd) was rejected: ")
    expect(lenient.stderr).not.toContain("\u001b")
    expect(lenient.code).toBe(0)
    const strict = await list(baseUrl, "--strict")
    expect(linesOf(strict.stdout)).toHaveLength(5)
    expect(strict.code).toBe(6)
  })
})

describe("thousands of unreadable items", () => {
  it("sums them up, and fails when a list would never reach its limit", async () => {
    const baseUrl = await serve(({ url }, response) => {
      const asked = new URL(String(url), "http://127.0.0.1").searchParams
      const [page, limit] = [Number(asked.get("page")), Number(asked.get("limit"))]
      const data = Array.from({ length: limit }, (_, index) => ({
        id: `odd-${(page - 1) * limit + index}`,
      }))
      response.end(JSON.stringify({ page, limit, total: 1e9, has_more: true, data }))
    })
    const { stdout, stderr, code } = await list(baseUrl, "--limit", "3")
    expect(stdout).toBe("")
    expect(stderr).toContain("warning: dify: item 4 (odd-4) was rejected: ")
    expect(stderr).toContain("warning: dify: 95 more items have been rejected so far.")
    expect(stderr).not.toContain("(odd-5)")
    expect(stderr).toContain("rejected items in a row, and more follow.")
    expect(stderr.split("\n").length).toBeLessThan(30)
    expect(code).toBe(5)
  })
})

describe("an output that cannot be written", () => {
  it("exits with 1 and names the error when the output is full", async () => {
    await using simulator = await startSimulator({ dify: { executions: 5 } })
    const { code, stderr } = await shell(
      `execlog list --provider dify --set baseUrl=${simulator.dify.baseUrl} > /dev/full`,
      { environment: { DIFY_API_KEY: simulator.dify.apiKey } },
    )
    expect(stderr).toContain("execlog: The output cannot be written: ENOSPC")
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })
})
