// An empty folder of somebody who installs execlog, and the package manager it is kept by.

import { copyFile, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { outsideEnvironment, run, succeed } from "./commands.mjs"

/** The script that each folder holds: it reads with an adapter. */
export const sample = "read.mjs"

/** @typedef {"npm" | "pnpm"} Manager */

/**
 * @typedef {object} Consumer
 * @property {string} folder
 * @property {Manager} manager
 * @property {Record<string, string>} env
 */

/**
 * Makes folders that take everything from a registry, and share caches that are thrown away.
 * @param {string} place
 * @param {string} registry
 */
export const makeConsumers = (place, registry) => {
  const env = {
    ...outsideEnvironment,
    npm_config_registry: registry,
    npm_config_cache: join(place, "npm-cache"),
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    pnpm_config_registry: registry,
    pnpm_config_store_dir: join(place, "pnpm-store"),
    pnpm_config_cache_dir: join(place, "pnpm-cache"),
  }
  /**
   * @param {string} name
   * @param {Manager} manager
   * @returns {Promise<Consumer>}
   */
  return async (name, manager) => {
    const folder = join(place, name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, ".npmrc"), `registry=${registry}\n`)
    await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n')
    await copyFile(join(import.meta.dirname, "sample", sample), join(folder, sample))
    return { folder, manager, env }
  }
}

/** The command that adds packages, as the documents write it. */
const add = { npm: ["install"], pnpm: ["add"] }

/**
 * @param {Consumer} consumer
 * @param {readonly string[]} packages
 */
export const install = ({ folder, manager, env }, packages) =>
  succeed(manager, [...add[manager], ...packages], { cwd: folder, env })

/**
 * Installs, and tells how that ended.
 * @param {Consumer} consumer
 * @param {readonly string[]} packages
 */
export const tryInstall = ({ folder, manager, env }, packages) =>
  run(manager, [...add[manager], ...packages], { cwd: folder, env })
