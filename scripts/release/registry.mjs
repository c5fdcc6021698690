// A real registry on loopback that holds our packages alone, and hands on what others published.

import { fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { succeed } from "./commands.mjs"

/** Its audit plugin asks for a node-fetch that no registry has to have. */
const verdaccio = {
  private: true,
  dependencies: { verdaccio: "6.10.4" },
  overrides: { "verdaccio-audit": { "node-fetch": "^2.7.0" } },
}

/**
 * Installed outside of the workspace, with what npm is configured for.
 * @param {string} folder
 */
export const installVerdaccio = async (folder) => {
  await mkdir(folder)
  await writeFile(join(folder, "package.json"), JSON.stringify(verdaccio))
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
  await succeed("npm", ["install", "--prefix", folder, ...flags], { cwd: folder, env: process.env })
}

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string} token what may publish
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} folder where Verdaccio is installed, and where it keeps everything
 * @param {string} uplink the registry of everybody else
 * @param {readonly string[]} ours the packages that are never asked of the uplink
 * @returns {Promise<Registry>}
 */
export const startRegistry = async (folder, uplink, ours) => {
  const own = { access: "$all", publish: "$authenticated" }
  const config = join(folder, "config.yaml")
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      storage: join(folder, "storage"),
      auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 1 } },
      uplinks: { everybody: { url: uplink, maxage: "1h", timeout: "60s", max_fails: 20 } },
      packages: {
        ...Object.fromEntries(ours.map((name) => [name, own])),
        "**": { access: "$all", proxy: "everybody" },
      },
      log: { type: "stdout", format: "json", level: "error" },
      web: { enable: false },
    }),
  )
  // The certificates of npm, for networks with their own: Verdaccio uses Node's.
  const asked = await succeed("npm", ["config", "get", "cafile"], { cwd: folder, env: process.env })
  const cafile = asked.trim() === "null" ? undefined : asked.trim()
  const server = fork(join(import.meta.dirname, "registry-server.mjs"), [folder, config], {
    cwd: folder,
    env: { NODE_EXTRA_CA_CERTS: cafile, ...process.env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  })
  let said = ""
  server.stderr?.setEncoding("utf8").on("data", (text) => {
    said += text
  })
  const ended = once(server, "exit")
  const first = await Promise.race([once(server, "message"), ended.then(() => null)])
  if (first === null) throw new Error(`Verdaccio ended before it listened:\n${said}`)
  const url = `http://127.0.0.1:${first[0].port}/`
  const stop = async () => {
    if (server.connected) server.disconnect()
    await ended
  }
  try {
    return { url, token: await signUp(url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The token of a user who is made for this run. */
const signUp = async (url) => {
  const response = await fetch(`${url}-/user/org.couchdb.user:release`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "release", password: randomUUID() }),
  })
  const { token } = await response.json()
  if (typeof token !== "string") throw new Error(`Verdaccio made no user: ${response.status}`)
  return token
}
