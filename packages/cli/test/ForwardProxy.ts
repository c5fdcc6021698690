import { createServer, type IncomingMessage, request } from "node:http"
import { connect, type Server } from "node:net"

/** A proxy on loopback, as companies have them: it forwards plain http, and tunnels the rest. */
export interface ForwardProxy extends AsyncDisposable {
  /** Its URL with the right user name and password. */
  readonly url: string
  /** Its URL with a wrong password. */
  readonly wrongUrl: string
  readonly port: number
  /** The received requests: `GET http://…`, `CONNECT host:443`. */
  readonly asked: ReadonlyArray<string>
}

const authorized = `Basic ${btoa("operator:canary@pass/1")}`

/** Starts it. All tunnels lead to a port of this machine, whatever host was requested. */
export const startForwardProxy = async (tunnelPort = 0): Promise<ForwardProxy> => {
  const asked: Array<string> = []
  const note = ({ method, url, headers }: IncomingMessage): boolean => {
    asked.push(`${method} ${url}`)
    return headers["proxy-authorization"] === authorized
  }
  const server = createServer((incoming, outgoing) => {
    if (!note(incoming)) {
      outgoing.writeHead(407).end("Who are you?")
      return
    }
    const { method, headers, url = "" } = incoming
    const onward = request(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on("error", () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  }).on("connect", (incoming: IncomingMessage, socket) => {
    if (!note(incoming)) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
      return
    }
    const tunnel = connect(tunnelPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
      socket.pipe(tunnel).pipe(socket)
    })
    for (const end of [socket, tunnel]) end.on("error", () => tunnel.destroy())
  })
  const port = await listening(server)
  return {
    url: `http://operator:${encodeURIComponent("canary@pass/1")}@127.0.0.1:${port}`,
    wrongUrl: `http://operator:canary-wrong@127.0.0.1:${port}`,
    port,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Lets a server listen on a free port of loopback. */
export const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}
