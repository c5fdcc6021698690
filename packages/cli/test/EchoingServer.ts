import { createServer, type IncomingHttpHeaders } from "node:http"
import type { Simulator } from "@execlog/simulator"

/** A server in front of the simulator that echoes requests, and may change the shape of responses. */
export interface EchoingServer extends AsyncDisposable {
  readonly url: string
}

/** Starts it. `change` receives each JSON response, and returns its replacement. */
export const startEchoing = async (
  simulator: Simulator,
  change: (text: string) => string = (text) => text,
): Promise<EchoingServer> => {
  const server = createServer((request, response) => {
    const { url = "/", method = "GET", headers, rawHeaders } = request
    void (async () => {
      const answer = await simulator.fetch(`http://simulator.localhost${url}`, {
        method,
        headers: plain(headers),
      })
      const text = await answer.text()
      const type = answer.headers.get("content-type") ?? "text/plain"
      response.writeHead(answer.status, {
        "content-type": type,
        "set-cookie": `session=${headers.authorization}`,
        "x-version": answer.headers.get("x-version") ?? "",
        "x-echo": headers.authorization,
      })
      response.end(type.includes("json") ? change(echoed(text, headers, rawHeaders)) : text)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A response that contains the request, in the forms that servers and proxies use. */
const echoed = (
  text: string,
  headers: IncomingHttpHeaders,
  rawHeaders: ReadonlyArray<string>,
): string => {
  const sent = headers.authorization ?? ""
  const key = sent.replace("Bearer ", "")
  return JSON.stringify({
    ...JSON.parse(text),
    echo: {
      headers: { ...headers, cookie: "session=canary-cookie-1" },
      rawHeaders,
      har: [{ name: "Authorization", value: sent }],
      curl: `curl -H 'Authorization: ${sent}'`,
      inText: JSON.stringify({ request: { headers: { authorization: sent }, key } }),
      base64: btoa(key),
      url: `https://server.example.com/?key=${encodeURIComponent(key)}`,
      [key]: true,
    },
  })
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
