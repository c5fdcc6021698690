import { createServer } from "node:https"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, execlog, linesOf } from "./Execlog.js"
import { listening, startForwardProxy } from "./ForwardProxy.js"
import { selfSigned } from "./SelfSigned.js"

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 3 } })
})

afterAll(() => simulator.stop())

const list = (environment: { readonly [name: string]: string }, baseUrl = simulator.dify.baseUrl) =>
  execlog(["list", "--provider", "dify", "--set", `baseUrl=${baseUrl}`, "--set", "retries=0"], {
    environment: { DIFY_API_KEY: simulator.dify.apiKey, ...environment },
  })

describe("a proxy of the environment", () => {
  it.each(["HTTP_PROXY", "http_proxy"])(
    "sends http requests to the proxy of %s",
    async (variable) => {
      await using proxy = await startForwardProxy()
      const { code, stdout, stderr } = await list({ [variable]: proxy.url })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(linesOf(stdout)).toHaveLength(3)
      expect(proxy.asked).toEqual([
        expect.stringMatching(`^GET ${simulator.dify.baseUrl}/workflows/logs\\?`),
      ])
    },
  )

  it.each(["HTTPS_PROXY", "https_proxy"])(
    "tunnels https requests through the proxy of %s",
    async (variable) => {
      const server = createServer(selfSigned, (request, response) => {
        const path = request.url ?? ""
        const headers = { authorization: request.headers.authorization ?? "" }
        void simulator
          .fetch(`http://simulator.localhost${path}`, { headers })
          .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
      })
      await using proxy = await startForwardProxy(await listening(server))
      const directory = directoryWith({ "ca.pem": selfSigned.cert })
      const { code, stdout, stderr } = await list(
        { [variable]: proxy.url, NODE_EXTRA_CA_CERTS: join(directory, "ca.pem") },
        `https://dify.example.com${new URL(simulator.dify.baseUrl).pathname}`,
      )
      server.close()
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(linesOf(stdout)).toHaveLength(3)
      expect(proxy.asked).toEqual(["CONNECT dify.example.com:443"])
    },
  )

  it.each([
    ["the host", "127.0.0.1"],
    ["all hosts", "*"],
    ["the host among others", "example.com, .internal 127.0.0.1"],
  ])("bypasses the proxy when NO_PROXY names %s", async (_what, hosts) => {
    await using proxy = await startForwardProxy()
    const { code, stdout } = await list({ HTTP_PROXY: proxy.url, NO_PROXY: hosts })
    expect(code).toBe(0)
    expect(linesOf(stdout)).toHaveLength(3)
    expect(proxy.asked).toEqual([])
  })

  it("bypasses the proxy when the variable in lower case is empty", async () => {
    await using proxy = await startForwardProxy()
    const { code } = await list({ HTTP_PROXY: proxy.url, http_proxy: "" })
    expect(code).toBe(0)
    expect(proxy.asked).toEqual([])
  })

  it.each([
    ["HTTP_PROXY", undefined],
    ["HTTPS_PROXY", "https://dify.example.com/v1"],
  ])("names the variable of a proxy that is down: %s", async (variable, baseUrl) => {
    const { port, ...gone } = await startForwardProxy()
    await gone[Symbol.asyncDispose]()
    const { code, stderr } = await list({ [variable]: gone.url }, baseUrl)
    expect(stderr).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`)
    expect(stderr).toContain(
      `Requests go through the proxy of ${variable}, except to hosts in NO_PROXY.`,
    )
    expect(code).toBe(5)
  })

  it.each([
    ["HTTP_PROXY", undefined, "Proxy Authentication Required (407)"],
    ["HTTPS_PROXY", "https://dify.example.com/v1", "the proxy answered with 407"],
  ])(
    "names the variable of a proxy that rejects the password: %s",
    async (variable, baseUrl, message) => {
      await using proxy = await startForwardProxy()
      const { code, stderr } = await list({ [variable]: proxy.wrongUrl }, baseUrl)
      expect(stderr).toContain(message)
      expect(stderr).toContain(`the proxy of ${variable}`)
      expect(stderr).not.toContain("canary")
      expect(code).toBe(5)
    },
  )

  it.each([
    "proxy.example.com:3128",
    "socks5://operator:canary-1@127.0.0.1:1080",
    "http://operator:canary-100%@127.0.0.1:3128",
    "canary",
  ])("rejects %j as the URL of a proxy", async (url) => {
    const { code, stdout, stderr } = await list({ HTTPS_PROXY: url })
    expect(stderr).toBe(
      "execlog: The environment variable HTTPS_PROXY is not the URL of an HTTP proxy.\n" +
        "  Write the full URL, such as HTTPS_PROXY=http://proxy.example.com:3128, or unset it.\n",
    )
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })
})
