import { isIP } from "node:net"

/** Whether a host is this machine itself. */
export const isLoopback = (host: string): boolean => {
  const name = withoutBrackets(host.toLowerCase())
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."))
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, "")

/** The hosts and origins that requests may name. */
export interface AllowedHosts {
  /** Whether the header `Host` names this server: else a foreign name was bound to its address. */
  readonly allowsHost: (host: string | undefined) => boolean
  /** Whether a page of this origin may send requests that browsers mark with it. */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean
}

/**
 * On loopback, any loopback name; else the host that the server listens on and those named. A server
 * that listens on all addresses takes any address of them, and names only if they are given.
 */
export const allowHosts = (
  listensOn: string,
  {
    hosts,
    origins,
  }: { readonly hosts: ReadonlyArray<string>; readonly origins: ReadonlyArray<string> },
): AllowedHosts => {
  const names = new Set([listensOn, ...hosts].map((host) => withoutBrackets(host.toLowerCase())))
  const takesAddresses = listensOn === "0.0.0.0" || listensOn === "::"
  const allowsHost = (host: string | undefined): boolean => {
    const name = host === undefined ? null : hostNameOf(host)
    if (name === null) return false
    return names.has(name) || isLoopback(name) || (takesAddresses && isIP(name) !== 0)
  }
  const pages = new Set(origins.map((origin) => origin.toLowerCase()))
  return {
    allowsHost,
    allowsOrigin: (origin, host) => {
      if (pages.has(origin.toLowerCase())) return true
      const url = URL.canParse(origin) ? new URL(origin) : null
      return url !== null && host !== undefined && url.host === host.toLowerCase()
    },
  }
}

/** The name in a header `Host`, without its port; null if it is not one. */
const hostNameOf = (host: string): string | null => {
  const url = `http://${host}`
  if (!URL.canParse(url)) return null
  const { hostname, pathname, username } = new URL(url)
  return pathname === "/" && username === "" ? withoutBrackets(hostname) : null
}
