import { titleOf } from "../shared/Names.js"
import { UsageError } from "../shared/UsageError.js"

/** The authentication of requests. */
export type AuthStyle =
  | { readonly by: "bearer" }
  | { readonly by: "basic" }
  | { readonly by: "header"; readonly name: string }
  | { readonly by: "none" }

/** The method of the list: parameters in the query string, or in a JSON body. */
export type ListMethod = "GET" | "POST"

/** The settings of a provider, beside its samples. */
export interface Choices {
  /** The provider's id, which names the package: `acme` gives `execlog-adapter-acme`. */
  readonly id: string
  readonly title: string
  readonly baseUrl: string
  readonly auth: AuthStyle
  readonly listMethod: ListMethod
  /** The path of the list; null if not given. */
  readonly listPath: string | null
  /** The path of one execution, with `{id}` in it; null if not given. */
  readonly getPath: string | null
}

/** Reads the provider's id. Throws a UsageError if it is not valid. */
export const parseId = (text: string): string => {
  const id = text.trim().replace(/^execlog-adapter-/, "")
  if (!/^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(id) || id.length > 80) {
    throw new UsageError(
      `"${text}" is not a valid provider name. Use lower-case letters, digits and single hyphens, such as my-provider.`,
    )
  }
  return id
}

/** Reads the provider's name for people. Throws a UsageError if it is not valid. */
export const parseTitle = (text: string | undefined, id: string): string => {
  const title = text?.trim() ?? titleOf(id)
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .,&+'()-]*$/u.test(title)) {
    throw new UsageError(
      `--title "${title}" is not valid. Use letters, digits, spaces and . , & + ' ( ) -.`,
    )
  }
  return title
}

/** Reads the address of the API. Throws a UsageError if it is not valid. */
export const parseBaseUrl = (text: string): string => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `--base-url "${text}" is not a valid base URL. Use an absolute URL without query or fragment, such as https://api.example.com/v1.`,
    )
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--base-url must not contain a user name or password.")
  }
  return url.href.replace(/(?<!\/)\/+$/, "")
}

/** Reads the authentication style. Throws a UsageError for an unknown one. */
export const parseAuth = (text: string): AuthStyle => {
  const [by = "", name = "", ...rest] = text.trim().split(":")
  if ((by === "bearer" || by === "basic" || by === "none") && text.trim() === by) return { by }
  // The characters that HTTP allows in a header's name.
  if (by === "header" && rest.length === 0 && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    return { by, name: name.toLowerCase() }
  }
  throw new UsageError(
    `--auth "${text}" is not known. Use bearer, basic, none, or header:NAME, such as header:x-api-key.`,
  )
}

/** Reads the method of the list. Throws a UsageError for an unknown one. */
export const parseMethod = (text = "GET"): ListMethod => {
  const method = text.toUpperCase()
  if (method === "GET" || method === "POST") return method
  throw new UsageError(
    `--method "${text}" is not known. Use GET, with parameters in the query string, or POST, with parameters in a JSON body.`,
  )
}

/** Reads the path of an endpoint. Throws a UsageError if it is not valid. */
export const parsePath = (flag: string, text: string | undefined, mustHold = ""): string | null => {
  if (text === undefined) return null
  if (!/^\/[\w\-./~:@{}]*$/.test(text) || !text.includes(mustHold)) {
    const example = mustHold === "" ? "/executions" : `/executions/${mustHold}`
    throw new UsageError(
      `${flag} "${text}" is not a valid path. It must begin with a slash, such as ${example}.`,
    )
  }
  return text
}
