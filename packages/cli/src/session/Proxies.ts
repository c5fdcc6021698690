import { UsageError } from "./UsageError.js"

/** The variable in force for each scheme: lower case takes precedence, as in curl. */
const variablesOf = (environment: NodeJS.ProcessEnv): ReadonlyArray<string> =>
  ["http_proxy", "https_proxy"].flatMap((name) => {
    const found = [name, name.toUpperCase()].find((known) => environment[known] !== undefined)
    return found === undefined || environment[found] === "" ? [] : [found]
  })

let inForce: ReadonlyArray<string> = []

/**
 * Sends all requests of the process through the proxies of the environment, except those to
 * hosts in NO_PROXY. Loads undici only if there is a proxy.
 */
export const useProxies = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const variables = variablesOf(environment)
  if (variables.length === 0) return
  for (const name of variables) {
    if (isProxyUrl(environment[name] ?? "")) continue
    throw new UsageError(
      `The environment variable ${name} is not the URL of an HTTP proxy.`,
      `Write the full URL, such as ${name}=http://proxy.example.com:3128, or unset it.`,
    )
  }
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import("undici")
  // HTTP/1.1 only, as without a proxy.
  setGlobalDispatcher(new EnvHttpProxyAgent({ allowH2: false }))
  inForce = variables
}

/** A hint about the proxies, for network errors; null if there are none. */
export const proxyHint = (): string | null =>
  inForce.length === 0
    ? null
    : `Requests go through the proxy of ${inForce.join(" and ")}, except to hosts in NO_PROXY.`

const isProxyUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  try {
    // undici decodes them for the proxy.
    decodeURIComponent(username + password)
    return protocol === "http:" || protocol === "https:"
  } catch {
    return false
  }
}
