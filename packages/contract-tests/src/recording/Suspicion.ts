import type { Json } from "@execlog/core"
import { isArray, isObject, type JsonPath, pathText } from "../kit/JsonPath.js"
import { jsonWithin } from "./JsonRewrite.js"
import { positionsOf } from "./Positions.js"

/** A suspected secret or personal data in a fixture. */
export interface Suspicion {
  readonly kind: "key" | "token" | "address" | "machine path"
  /** Its place in the file: `exchanges[0].response.data[3].email`. */
  readonly place: string
  /** The same as keys and indexes, from the outside in. */
  readonly path: JsonPath
  /** The finding, shortened so that it is not disclosed again. */
  readonly shown: string
}

/** Known formats of keys, and tokens after a word such as Bearer. */
const keys = [
  /\b(?:app|dataset)-[A-Za-z\d]{16,}/,
  /\b(?:sk|pk|rk|pnu|ghp|gho|ghs|github_pat|glpat|xox[abposr])[-_][A-Za-z\d_-]{16,}/,
  /\bAKIA[A-Z\d]{16}\b/,
  /\bAIza[\w-]{35}(?![\w-])/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b(?:Bearer|Basic)\s+(?!REDACTED|<redacted>)(?=\S*\d|\S{24})[\w.~+/=-]{8,}/,
]
const jsonWebToken = /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}/
const secretHeader = /authorization|cookie|api[-_]?key|secret|token/i
// Bounded, since a long text without an address would be searched from each of its letters.
// The host ends in a word: name@1.2.3 is a package with a version.
const address = /[\w.%+'-]{1,64}(?:@|%40)((?:[a-z\d-]+\.)+[a-z][a-z\d-]*[a-z\d])/gi
const reserved = /(?:^|\.)(?:example\.(?:com|org)|test|invalid)$/i
// Home directories, and the temporary folders of users on macOS; /opt and others are of servers.
const machinePath = /(?<![\w.-])\/(?:home|Users|root|var\/folders)\/[\w.-]+|\b[A-Za-z]:\\[\w.-]+/

/** The names of fields with ids of the provider, which look like tokens but are not. */
const idField =
  /^(?:_?id|_?ids|uuid|cursor|get)$|[_-](?:ids?|uuid|cursor)$|[a-z\d](?:Ids?|ID|Uuid|UUID|Cursor)$/

const word = /[A-Za-z\d_-]{24,}/g
const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi
const longHex = /^[\da-f]{32,}$/i

// Bits per character: 24 random letters and digits have more.
const leastEntropy = 4

// Names such as ReadOrdersStepV2 switch between lower case, upper case and digits less often than random
// text, which switches at three places of five.
const leastChanges = 1 / 3

/**
 * Everything in a fixture that looks like a key, a token, an email address or a machine path. Long random
 * words are not suspected if they are ids or page positions.
 */
export const suspicionsOf = (fixture: Json): ReadonlyArray<Suspicion> => {
  const texts = [...textsOf(fixture, [], "")]
  const ids = new Set([
    ...texts.filter(({ name }) => idField.test(name)).map(({ text }) => text),
    ...positionsOf(fixture).flatMap((position) => position.match(word) ?? []),
  ])
  return texts.flatMap(({ text, path, name, isHeader }) => {
    const place = pathText(path)
    const found = (kind: Suspicion["kind"], what: string): Suspicion => ({
      kind,
      place,
      path,
      shown: `${what.slice(0, 4)}…`,
    })
    const key = keys.map((pattern) => pattern.exec(text)?.[0]).find((what) => what !== undefined)
    if (key !== undefined) return [found("key", key)]
    if (isHeader && secretHeader.test(name)) {
      return /^(?:\w+ )?REDACTED$/.test(text) ? [] : [found("key", text)]
    }
    const token =
      jsonWebToken.exec(text)?.[0] ?? (idField.test(name) ? undefined : tokenIn(text, ids))
    const addresses = [...text.matchAll(address)].filter(([, host = ""]) => !reserved.test(host))
    const machine = machinePath.exec(text)?.[0]
    return [
      ...(token === undefined ? [] : [found("token", token)]),
      ...addresses.slice(0, 1).map(([what]) => found("address", what)),
      ...(machine === undefined ? [] : [found("machine path", machine)]),
    ]
  })
}

const tokenIn = (text: string, ids: ReadonlySet<string>): string | undefined =>
  [...text.replaceAll(uuid, " ").matchAll(word)]
    .map(([what]) => what)
    .find((what) => !ids.has(what) && (longHex.test(what) || isRandom(what)))

const isRandom = (text: string): boolean =>
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text) &&
  entropyOf(text) >= leastEntropy &&
  changesIn(text) >= leastChanges * text.length

const changesIn = (text: string): number =>
  [...text.matchAll(/(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=\d)\D/g)].length

/** Shannon entropy, in bits per character. */
const entropyOf = (text: string): number => {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
}

interface PlacedText {
  readonly text: string
  readonly path: JsonPath
  /** The name of the field, or of the parameter. */
  readonly name: string
  readonly isHeader: boolean
}

/** Every text with its field name, including JSON in texts and parameters of paths. */
const textsOf = function* (value: Json, path: JsonPath, name: string): Generator<PlacedText> {
  if (typeof value === "string") {
    const isHeader = path.at(-2) === "reqheaders"
    const inner = jsonWithin(value)
    if (inner !== undefined) yield* textsOf(inner, path, name)
    else if (path.at(-1) === "path" && value.startsWith("/")) yield* partsOf(value, path)
    else yield { text: value, path, name, isHeader }
  } else if (isArray(value)) {
    for (const [index, inner] of value.entries()) yield* textsOf(inner, [...path, index], name)
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield { text: key, path: [...path, key], name: "", isHeader: false }
      yield* textsOf(inner, [...path, key], key)
    }
  }
}

const partsOf = function* (address: string, path: JsonPath): Generator<PlacedText> {
  const { pathname, searchParams } = new URL(address, "http://server.invalid")
  for (const segment of pathname.split("/")) {
    yield { text: decoded(segment), path, name: "path", isHeader: false }
  }
  for (const [name, value] of searchParams) yield* textsOf(value, [...path, name], name)
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
