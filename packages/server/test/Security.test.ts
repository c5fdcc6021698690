import { request } from "node:http"
import { describe, expect, it } from "vitest"
import { serve } from "../src/index.js"
import { connection, type Served, served, token } from "./Served.js"

const reader = "0123456789abcdef-read"
const tokens = [
  { name: "operator", token },
  { name: "screen", token: reader, access: "read" as const },
]
const bearer = (value: string) => ({ authorization: `Bearer ${value}` })

/** The status of a request with headers that fetch does not send. */
const statusOf = (
  { server }: Served,
  headers: Record<string, string>,
  path = "/api/connections",
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(new URL(path, server.url), { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on("error", reject)
      .end()
  })

describe("a server on loopback without tokens", () => {
  it.each([
    ["its own name", {}, 200],
    ["the name localhost", { host: "localhost:4242" }, 200],
    ["another loopback address", { host: "127.0.0.2" }, 200],
    ["the loopback address of IPv6", { host: "[::1]:4242" }, 200],
    ["a name that a DNS server bound to it", { host: "evil.example" }, 403],
    ["an address of another network", { host: "192.0.2.1" }, 403],
    ["no name that can be read", { host: "a b" }, 403],
    ["a page of its own", { origin: "SELF" }, 200],
    ["a page of another origin", { origin: "http://evil.example" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    [
      "a script of another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
      403,
    ],
    [
      "a link on another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      200,
    ],
  ])("answers a request by %s as it should", async (_, headers, status) => {
    await using site = await served()
    const sent = Object.entries(headers).map(([name, value]) => [
      name,
      value === "SELF" ? site.server.url : value,
    ])
    expect(await statusOf(site, Object.fromEntries(sent))).toBe(status)
  })

  it("answers pages of an origin that is named, and other names that are named", async () => {
    await using site = await served({
      origins: ["https://tools.example.com"],
      hosts: ["execlog.example.com"],
    })
    expect(await statusOf(site, { origin: "https://tools.example.com" })).toBe(200)
    expect(await statusOf(site, { host: "execlog.example.com" })).toBe(200)
    expect(await statusOf(site, { host: "tools.example.com" })).toBe(403)
  })

  it.each(["/api/connections", "/healthz", "/metrics", "/login", "/nothing", "/api/docs"])(
    "allows no foreign script, frame or guess on %s",
    async (path) => {
      await using site = await served()
      const { headers } = await site.ask(path)
      expect(headers.get("content-security-policy")).toContain("default-src 'none'")
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("x-frame-options")).toBe("DENY")
      expect(headers.get("access-control-allow-origin")).toBeNull()
    },
  )
})

describe("a server with tokens", () => {
  it.each(["/api/executions", "/api/connections", "/api/statistics", "/api/changes", "/metrics"])(
    "shows %s only to those who have one",
    async (path) => {
      await using site = await served({ tokens })
      const without = await site.ask(path)
      expect(without.status).toBe(401)
      expect(without.headers.get("www-authenticate")).toBe("Bearer")
      expect(await without.json()).toMatchObject({ code: "Authentication" })
      expect((await site.ask(path, { headers: bearer("0123456789abcdef-none") })).status).toBe(401)
      expect((await site.ask(path, { headers: bearer(reader) })).status).toBe(200)
    },
  )

  it("says that it is alive and ready to anybody", async () => {
    await using site = await served({ tokens })
    expect((await site.ask("/healthz")).status).toBe(200)
    expect((await site.ask("/readyz")).status).toBe(200)
  })

  it("does nothing for a token that may read", async () => {
    await using site = await served({ tokens })
    const sync = (value: string) =>
      site.ask(`/api/connections/${connection}/sync`, { method: "POST", headers: bearer(value) })
    expect((await sync(reader)).status).toBe(403)
    expect((await sync(token)).status).toBe(202)
  })

  it("lets a person in who logs in with one, and no longer after the logout", async () => {
    await using site = await served({ tokens })
    const login = (value: string, next?: string) =>
      site.ask("/login", {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ token: value, ...(next === undefined ? {} : { next }) }),
      })
    expect((await login("0123456789abcdef-none")).status).toBe(401)
    const entered = await login(token, "/executions?status=failed")
    expect(entered.status).toBe(303)
    expect(entered.headers.get("location")).toBe("/executions?status=failed")
    const [set = ""] = entered.headers.getSetCookie()
    expect(set).toMatch(/HttpOnly/i)
    expect(set).toMatch(/SameSite=Strict/i)
    expect(set).not.toContain(token)
    const cookie = { cookie: set.split(";")[0] ?? "" }
    expect((await site.ask("/api/connections", { headers: cookie })).status).toBe(200)
    const left = await site.ask("/logout", { method: "POST", redirect: "manual", headers: cookie })
    expect(left.headers.get("location")).toBe("/login")
    expect((await site.ask("/api/connections", { headers: cookie })).status).toBe(401)
  })

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])(
    "goes to its own page after a login that is to lead to %s",
    async (next) => {
      await using site = await served({ tokens })
      const entered = await site.ask("/login", {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ token, next }),
      })
      expect(entered.headers.get("location")).toBe("/")
    },
  )
})

describe("serve", () => {
  const store = ":memory:"

  it.each([
    ["an address that others reach, without a token", { host: "0.0.0.0" }, "tokens"],
    ["a token that can be guessed", { tokens: [{ name: "a", token: "secret" }] }, "tokens"],
    ["a port that there is not", { port: 70_000 }, "port"],
    ["an interval shorter than a second", { intervalMs: 10 }, "intervalMs"],
    ["an option that it does not know", { prot: 4242 }, "prot"],
  ])("rejects %s, and names the option", async (_, options, name) => {
    await expect(serve({ store, ...options })).rejects.toMatchObject({
      name: "AdapterError",
      subject: { kind: "option", name },
    })
  })

  it("listens where others reach it if it is told to let everybody in", async () => {
    const server = await serve({ store, host: "0.0.0.0", port: 0, open: true })
    const { port } = new URL(server.url)
    expect((await fetch(`http://127.0.0.1:${port}/api/connections`)).status).toBe(200)
    await server.close()
  })

  it("says which port is in use", async () => {
    const first = await serve({ store, port: 0 })
    const port = Number(new URL(first.url).port)
    await expect(serve({ store, port })).rejects.toMatchObject({
      name: "AdapterError",
      subject: { kind: "option", name: "port" },
    })
    await first.close()
  })
})
