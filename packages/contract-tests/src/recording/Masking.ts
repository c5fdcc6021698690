import type { Actor, Json } from "@execlog/core"
import { isArray, isObject, type JsonPath } from "../kit/JsonPath.js"
import { jsonWithin, type JsonRewrite, rewritten, rewrittenText } from "./JsonRewrite.js"
import type { MaskPaths } from "./MaskPath.js"

/** Replaces personal data. Equal values get the same made-up value everywhere. */
export interface Masking {
  readonly json: (value: Json) => Json
  readonly text: (text: string) => string
  /** Whether this text is a masked number in a request. */
  readonly hidesNumber: (text: string) => boolean
  /** The number of values replaced so far. */
  readonly counts: () => MaskCounts
}

/** The number of replaced values, by kind. */
export interface MaskCounts {
  readonly addresses: number
  readonly names: number
  /** Values at chosen paths. */
  readonly values: number
  readonly hosts: number
}

/** The options of masking. */
export interface MaskingOptions {
  /** The responses of all files of a recording, without credentials. */
  readonly answers: ReadonlyArray<Json>
  /** The actors that the adapter reads from them. */
  readonly actors: ReadonlyArray<Actor>
  /** Whether all e-mail addresses are replaced. */
  readonly addresses: boolean
  readonly paths: MaskPaths
  /** The host of a private server. */
  readonly host: string | null
  /** The provider's status words, which are never replaced. */
  readonly words: ReadonlyArray<string>
}

// Bounded, since a long text without an address would be searched from each of its letters.
const address =
  /[\p{L}\p{N}._%+'-]{0,64}[\p{L}\p{N}_+](?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?(?:\.[\p{L}\p{N}-]+)*\.\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]/giu
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

// Shorter values may be parts of sentences: they are replaced only as whole values.
const shortestWithin = 3

const nothing: MaskCounts = { addresses: 0, names: 0, values: 0, hosts: 0 }

/** Masks nothing. */
export const noMasking: Masking = {
  json: (value) => value,
  text: (text) => text,
  hidesNumber: () => false,
  counts: () => nothing,
}

/** The masking of all files of a recording. */
export const makeMasking = (options: MaskingOptions): Masking => {
  const { answers, actors, paths, host, words } = options
  const given = JSON.stringify(answers)
  const addresses = new Map<string, string>()
  const names = new Map<string, string>()
  const values = new Map<string, string>()
  const numbers = new Map<number, number>()
  const counts = { ...nothing }
  let people = 0

  const nextPerson = (): number => {
    do people += 1
    while (given.includes(`person-${people}@`) || given.includes(`Person ${people}`))
    return people
  }
  const madeUpAddress = (real: string): string => {
    const key = addressKey(real)
    const known = addresses.get(key) ?? `person-${nextPerson()}@example.com`
    addresses.set(key, known)
    return known
  }
  const isAddress = (text: string): boolean => text.replace(address, "") === "" && text !== ""

  // A person's name and address get the same number, whichever comes first.
  for (const { name, email } of actors) {
    if (name === null || name.trim() === "" || names.has(name)) continue
    if (isAddress(name) || words.includes(name)) continue
    const number = email === null ? nextPerson() : Number(/\d+/.exec(madeUpAddress(email))?.[0])
    names.set(name, `Person ${number}`)
  }

  const madeUp = (real: string): string => {
    const number = values.size + 1
    return uuid.test(real)
      ? `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`
      : `masked-${number}`
  }
  const collect = (value: Json, path: JsonPath, isChosen: boolean): void => {
    const chosen = isChosen || paths(path)
    const within = typeof value === "string" ? jsonWithin(value) : undefined
    if (within !== undefined) collect(within, path, chosen)
    else if (isArray(value))
      value.forEach((inner, index) => collect(inner, [...path, index], chosen))
    else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value)) collect(inner, [...path, name], chosen)
    } else if (!chosen || value === "" || words.includes(String(value))) return
    else if (typeof value === "number") {
      if (!numbers.has(value)) numbers.set(value, numbers.size + 1)
    } else if (typeof value === "string" && !values.has(value) && !names.has(value)) {
      if (isAddress(value)) madeUpAddress(value)
      else values.set(value, madeUp(value))
    }
  }
  for (const answer of answers) collect(answer, [], false)

  const literals = new Map([...names, ...values])
  if (host !== null) literals.set(host, "server.example.com")
  const within = [...literals.keys()]
    .filter((literal) => literal.length >= shortestWithin)
    // Longest first, so that no value is split by a shorter one inside it.
    .toSorted((a, b) => b.length - a.length)
    .map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
  const pattern =
    within.length === 0
      ? null
      : new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${within.join("|")})(?![\p{L}\p{N}_])`, "gu")

  const replaced = (literal: string, madeUpOne: string): string => {
    counts[literal === host ? "hosts" : names.has(literal) ? "names" : "values"] += 1
    return madeUpOne
  }
  const text = (real: string): string => {
    const whole = literals.get(real)
    if (whole !== undefined) return replaced(real, whole)
    const withoutAddresses = real.replaceAll(address, (found) => {
      if (!options.addresses && !addresses.has(addressKey(found))) return found
      counts.addresses += 1
      const madeUpOne = madeUpAddress(found)
      return found.includes("@") ? madeUpOne : encodeURIComponent(madeUpOne)
    })
    return pattern === null
      ? withoutAddresses
      : withoutAddresses.replaceAll(pattern, (found) =>
          replaced(found, literals.get(found) ?? found),
        )
  }
  const how: JsonRewrite = {
    text,
    number: (number, path) => {
      const madeUpOne = isWithin(paths, path) ? numbers.get(number) : undefined
      if (madeUpOne !== undefined) counts.values += 1
      return madeUpOne ?? number
    },
  }
  return {
    json: (value) => rewritten(value, how),
    text: (value) => rewrittenText(value, how),
    hidesNumber: (value) => numbers.has(Number(value)),
    counts: () => ({ ...counts }),
  }
}

const addressKey = (address: string): string => address.replace(/%40/i, "@").toLowerCase()

/** Whether a path or one of its parents is chosen. */
const isWithin = (paths: MaskPaths, path: JsonPath): boolean =>
  path.some((_, index) => paths(path.slice(0, index + 1)))
