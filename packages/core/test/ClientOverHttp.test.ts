import { getEventListeners } from "node:events"
import { createServer, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, it } from "vitest"
import { type ClientOptions, createClient } from "../src/index.js"
import { failure } from "./Failure.js"
import { sampleClient, sampleFetch, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

const servers: Array<Server> = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A client over real HTTP on loopback. */
const overHttp = async (
  answer: (response: ServerResponse, count: number, url: string) => void,
  options: ClientOptions = {},
) => {
  let count = 0
  const server = createServer((request, response) => answer(response, count++, request.url ?? ""))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/api`
  const client = createClient(windowsByNumber({ apiKey: "canary-sample-1", baseUrl }), options)
  return { client, server, port, requests: () => count }
}

describe("a client over HTTP", () => {
  it("reads all pages over HTTP", async () => {
    const fetch = sampleFetch({ rows })
    const { client } = await overHttp((response, _, url) => {
      void fetch(`http://127.0.0.1${url}`)
        .then((answer) => answer.text())
        .then((body) => response.setHeader("content-type", "application/json").end(body))
    })
    const ids: Array<string> = []
    for await (const page of client.pages({ pageSize: 4 })) {
      ids.push(...page.executions.map(({ id }) => id))
    }
    expect(ids.toSorted()).toEqual(rows.map(({ id }) => id))
  })

  it("does not follow a redirect to another origin, nor send the key there", async () => {
    const other = await overHttp((response) => response.end("{}"))
    const { client } = await overHttp((response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()
    })
    expect((await failure(client.page())).message).toContain("to another origin")
    expect(other.requests()).toBe(0)
  })

  it("says that the server does not speak https, by the code of the failure and not its words", async () => {
    const { port } = await overHttp((response) => response.end("{}"))
    const settings = { apiKey: "canary-sample-1", baseUrl: `https://127.0.0.1:${port}/api` }
    const code = "ERR_SSL_WRONG_VERSION_NUMBER"
    const reworded = () =>
      Promise.reject(
        new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code }) }),
      )
    for (const fetch of [globalThis.fetch, reworded]) {
      const client = createClient(windowsByNumber(settings), { transport: { retries: 0 }, fetch })
      const error = await failure(client.page())
      expect(error.reason).toBe("Transport")
      expect(error.message).toContain("the server does not use https on this port")
    }
  })

  it("names the address and ECONNREFUSED when nothing listens on the port", async () => {
    const { client, server, port } = await overHttp(() => {}, { transport: { retries: 0 } })
    await new Promise((resolve) => server.close(resolve))
    const error = await failure(client.page())
    expect(error.reason).toBe("Transport")
    expect(error.message).toContain(`127.0.0.1:${port}`)
    expect(error.message).toContain("ECONNREFUSED")
    expect(error.hint?.text).toContain("base URL")
  })

  it.each([
    [
      "plain, with its length",
      (body: Buffer, response: ServerResponse) => {
        response.setHeader("content-length", body.length).end(body)
      },
    ],
    [
      "plain, in chunks",
      (body: Buffer, response: ServerResponse) => {
        response.write(body)
        response.end()
      },
    ],
    [
      "compressed",
      (body: Buffer, response: ServerResponse) => {
        response.setHeader("content-encoding", "gzip").end(gzipSync(body))
      },
    ],
  ])("fails with TooLarge when a body exceeds maxBodyBytes: %s", async (_, send) => {
    const body = Buffer.from(JSON.stringify({ rows: [], filler: "x".repeat(200_000) }))
    const { client } = await overHttp((response) => send(body, response), {
      transport: { retries: 0, maxBodyBytes: 100_000 },
    })
    const error = await failure(client.page())
    expect(error.reason).toBe("TooLarge")
    expect(error.message).toContain("100000 bytes")
  })

  it("fails with Transport when a response breaks off", async () => {
    const { client } = await overHttp(
      (response) => {
        response.setHeader("content-length", 1000)
        response.write('{"rows": [')
        setImmediate(() => response.destroy())
      },
      { transport: { retries: 0 } },
    )
    expect((await failure(client.page())).reason).toBe("Transport")
  })

  it("closes the socket when a call is aborted", async () => {
    const closed = Promise.withResolvers<void>()
    const controller = new AbortController()
    const { client } = await overHttp((response) => {
      response.on("close", () => closed.resolve())
      controller.abort(new Error("enough"))
    })
    await expect(client.page({}, null, { signal: controller.signal })).rejects.toThrow("enough")
    await closed.promise
  })

  it("removes its listener from the signal after a call, however the call ended", async () => {
    const { signal } = new AbortController()
    const held: Array<number> = []
    const client = sampleClient("windowsByNumber", {
      rows,
      beforeRequest: () => held.push(getEventListeners(signal, "abort").length),
    })
    await client.page({}, null, { signal })
    await failure(client.get("row-01", { signal }))
    await failure(client.page({ pageSize: 0 }, null, { signal }))
    for await (const page of client.pages({ pageSize: 10 }, { signal })) {
      expect(page.rejected).toEqual([])
    }
    for await (const { id } of client.executions({ pageSize: 5 }, { signal })) {
      expect(id).toBe("row-24")
      break
    }
    expect(Math.max(...held)).toBe(1)
    expect(getEventListeners(signal, "abort")).toEqual([])
  })

  it("fails a loop with the reason of the aborted signal", async () => {
    const { client } = await overHttp(() => {})
    const read = async (signal: AbortSignal) => {
      for await (const execution of client.executions({}, { signal })) expect(execution).toBeNull()
    }
    await expect(read(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough")
  })

  it("returns nothing more of a page once its signal is aborted", async () => {
    const controller = new AbortController()
    const { signal } = controller
    const client = sampleClient("windowsByNumber", { rows })
    let given = 0
    const read = async () => {
      for await (const { id } of client.executions({}, { signal })) {
        given += 1
        if (id === "row-22") controller.abort(new Error("enough"))
      }
    }
    await expect(read()).rejects.toThrow("enough")
    expect(given).toBe(3)
  })

  it("requests the next page ahead, and closes its socket when the loop is left", async () => {
    const fetch = sampleFetch({ rows })
    const askedAhead = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const { client } = await overHttp((response, count) => {
      if (count > 0) {
        askedAhead.resolve()
        response.on("close", () => closed.resolve())
        return
      }
      void fetch("http://127.0.0.1/rows?size=5&tells=more")
        .then((answer) => answer.text())
        .then((body) => response.end(body))
    })
    for await (const page of client.pages({ pageSize: 5 })) {
      expect(page.executions).toHaveLength(5)
      await askedAhead.promise
      break
    }
    await closed.promise
  })
})
