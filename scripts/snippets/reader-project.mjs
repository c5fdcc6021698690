// A project outside of the repository, as somebody has it who installed our packages and began an
// adapter for Acme as docs/adding-a-provider.md tells. What the pages show is compiled in it.

import { execFile } from "node:child_process"
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { dirname, join, posix } from "node:path"
import { promisify } from "node:util"
import { publishedPackages } from "../lib/published-packages.mjs"
import { startAcme } from "../scaffold/acme-server.mjs"

/** @import { Document } from "./documents.mjs" */
/** @import { Program } from "./programs.mjs" */

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")
const tsc = join(root, "node_modules/typescript/bin/tsc")

const acmeFlags =
  "acme --base-url https://api.acme.example/v2 --auth header:x-acme-key --out acme " +
  "--sample list.json --sample-get one.json --path /runs --get-path /runs/{id}"

/** Resolutions that readers have. */
export const resolutions = {
  nodenext: { module: "NodeNext", moduleResolution: "NodeNext" },
  bundler: { module: "Preserve", moduleResolution: "Bundler" },
}

const compilerOptions = {
  target: "ES2023",
  lib: ["ES2024", "ESNext.Disposable", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  moduleDetection: "force",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: ["node"],
  noEmit: true,
}

/**
 * @typedef {object} ReaderProject
 * @property {string} folder
 * @property {ReadonlyMap<string, string>} exported which package exports a name
 */

/**
 * Installs all packages into a folder by links, and starts the adapter for Acme there.
 * @param {string} folder
 * @returns {Promise<ReaderProject>}
 */
export const makeReaderProject = async (folder) => {
  const packages = await publishedPackages()
  const link = async (name, target) => {
    const place = join(folder, "node_modules", name)
    await mkdir(dirname(place), { recursive: true })
    await symlink(target, place, "junction")
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  for (const { name, path } of packages) await link(name, path)
  await link("effect", join(root, "packages/core/node_modules/effect"))
  await link("vitest", join(root, "node_modules/vitest"))
  await link("@types/node", join(root, "node_modules/@types/node"))
  await startAdapter(folder, packages)
  await link("execlog-adapter-acme", join(folder, "acme"))
  return { folder, exported: await exportedNames(packages) }
}

const startAdapter = async (folder, packages) => {
  const acme = await startAcme()
  try {
    for (const [name, path] of Object.entries({ list: "runs?per_page=3", one: "runs/9006" })) {
      const response = await fetch(`${acme.url}/${path}`, { headers: { "x-acme-key": "a-key" } })
      await writeFile(join(folder, `${name}.json`), await response.text())
    }
  } finally {
    await acme.stop()
  }
  const { path } = packages.find(({ name }) => name === "create-execlog-adapter")
  const program = join(path, "bin/create-execlog-adapter.js")
  await exec(process.execPath, [program, ...acmeFlags.split(" ")], { cwd: folder })
  await exec(process.execPath, [tsc, "--project", join(folder, "acme/tsconfig.build.json")])
}

const exportedNames = async (packages) => {
  const names = new Map([["acme", "execlog-adapter-acme"]])
  // The first entry point that has a name is the one that a reader meets.
  const add = (name, from) => names.set(name, names.get(name) ?? from)
  for (const { name, path } of packages) {
    const { exports } = JSON.parse(await readFile(join(path, "package.json"), "utf8"))
    for (const [entry, { types }] of Object.entries(exports)) {
      if (types === undefined) continue
      const from = posix.join(name, entry)
      const text = await readFile(join(path, types), "utf8")
      for (const [, list = ""] of text.matchAll(/^export \{([^}]*)\}/gm)) {
        const values = list.split(",").filter((part) => !/^\s*type\b/.test(part))
        for (const part of values) add(String(part.trim().split(" ").at(-1)), from)
      }
      for (const [, word = ""] of text.matchAll(/^export (?:\* as|declare const) (\w+)/gm)) {
        add(word, from)
      }
    }
  }
  return names
}

/**
 * Writes the programs of the documents, each document in a copy of the adapter, and compiles them.
 * @param {ReaderProject} project
 * @param {keyof typeof resolutions} resolution
 * @param {ReadonlyArray<readonly [Document, Program[]]>} documents
 * @returns {Promise<string[]>} what the compiler says, at the lines of the documents
 */
export const compile = async ({ folder }, resolution, documents) => {
  const place = join(folder, resolution)
  await rm(place, { recursive: true, force: true })
  await mkdir(place)
  const programs = new Map()
  for (const [index, [document, parts]] of documents.entries()) {
    if (parts.some(({ file }) => file !== "page.ts")) {
      await cp(join(folder, "acme"), join(place, String(index)), { recursive: true })
    }
    for (const program of parts) {
      const path = join(String(index), program.file)
      await mkdir(dirname(join(place, path)), { recursive: true })
      await writeFile(join(place, path), program.code)
      programs.set(path.replaceAll("\\", "/"), { document, program })
    }
  }
  const config = { compilerOptions: { ...compilerOptions, ...resolutions[resolution] } }
  await writeFile(join(place, "tsconfig.json"), JSON.stringify(config))
  const { stdout } = await exec(process.execPath, [tsc, "--project", place, "--pretty", "false"], {
    cwd: place,
    maxBuffer: 1e8,
  }).catch((error) => {
    if (typeof error.stdout === "string" && error.stdout !== "") return error
    throw error
  })
  return [...stdout.matchAll(/^(\S+)\((\d+),\d+\): (.*(?:\n .*)*)/gm)].map(
    ([, path, at, message]) => {
      const found = programs.get(path)
      return found === undefined
        ? `${path}:${at} ${message}`
        : `${found.document.path}:${lineIn(found.program, Number(at))} ${message}`
    },
  )
}

/** The line of the document, or the nearest before it. */
const lineIn = ({ lines }, at) =>
  lines.slice(0, at).findLast((line) => line > 0) ?? lines.find((line) => line > 0)
