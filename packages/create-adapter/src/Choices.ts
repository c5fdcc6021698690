import { titleOf } from "./Names.js"
import { UsageError } from "./UsageError.js"

/** How a request proves who asks. */
export type AuthStyle =
  | { readonly by: "bearer" }
  | { readonly by: "basic" }
  | { readonly by: "header"; readonly name: string }
  | { readonly by: "none" }

/** How the list is asked for: with its parameters in the address, or in a body of JSON. */
export type ListMethod = "GET" | "POST"

/** The answers about a provider, beside its samples. */
export interface Choices {
  /** The provider's id, which names the package: `acme` gives `execlog-adapter-acme`. */
  readonly id: string
  readonly title: string
  readonly baseUrl: string
  readonly auth: AuthStyle
  readonly listMethod: ListMethod
  /** The path of the list; null where nobody said it. */
  readonly listPath: string | null
  /** The path of one execution, with `{id}` in it; null where nobody said it. */
  readonly getPath: string | null
}

/** Reads the provider's id. Throws a UsageError where it cannot be one. */
export const parseId = (text: string): string => {
  const id = text.trim().replace(/^execlog-adapter-/, "")
  if (!/^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(id) || id.length > 80) {
    throw new UsageError(
      `"${text}" cannot name a provider. Write it in lower case, with letters, digits and single hyphens, such as my-provider.`,
    )
  }
  return id
}

/** Reads the provider's name for people. Throws a UsageError where it cannot be one. */
export const parseTitle = (text: string | undefined, id: string): string => {
  const title = text?.trim() ?? titleOf(id)
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .,&+'()-]*$/u.test(title)) {
    throw new UsageError(
      `--title "${title}" cannot be shown everywhere. Use letters, digits, spaces and . , & + ' ( ) -.`,
    )
  }
  return title
}

/** Reads the address of the API. Throws a UsageError where it is none. */
export const parseBaseUrl = (text: string): string => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `--base-url "${text}" is not the address of an API. Write it whole, without anything after ? or #, such as https://api.example.com/v1.`,
    )
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--base-url must not hold a user name or a password.")
  }
  return url.href.replace(/(?<!\/)\/+$/, "")
}

/** Reads how requests prove who asks. Throws a UsageError where there is no such way. */
export const parseAuth = (text: string): AuthStyle => {
  const [by = "", name = "", ...rest] = text.trim().split(":")
  if ((by === "bearer" || by === "basic" || by === "none") && text.trim() === by) return { by }
  // The characters that HTTP allows in a header's name.
  if (by === "header" && rest.length === 0 && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    return { by, name: name.toLowerCase() }
  }
  throw new UsageError(
    `--auth "${text}" is not known. Write bearer, basic, none, or header:NAME, such as header:x-api-key.`,
  )
}

/** Reads how the list is asked for. Throws a UsageError where it cannot be so. */
export const parseMethod = (text = "GET"): ListMethod => {
  const method = text.toUpperCase()
  if (method === "GET" || method === "POST") return method
  throw new UsageError(
    `--method "${text}" is not known. Write GET, with the list's parameters in the address, or POST, with them in a body of JSON.`,
  )
}

/** Reads the path of an endpoint. Throws a UsageError where it is none. */
export const parsePath = (flag: string, text: string | undefined, mustHold = ""): string | null => {
  if (text === undefined) return null
  if (!/^\/[\w\-./~:@{}]*$/.test(text) || !text.includes(mustHold)) {
    const example = mustHold === "" ? "/executions" : `/executions/${mustHold}`
    throw new UsageError(
      `${flag} "${text}" is not a path below the base URL. Write it with a slash at its beginning, such as ${example}.`,
    )
  }
  return text
}
