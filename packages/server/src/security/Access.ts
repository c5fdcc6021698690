import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

/** What a token allows. */
export type AccessLevel = "read" | "write"

/** A token that the server accepts. */
export interface AccessToken {
  readonly name: string
  readonly token: string
  /** `read`: everything but what makes the server act, such as a sync. Default: `write`. */
  readonly access?: AccessLevel | undefined
}

/** Whom the server lets in. */
export interface Access {
  /** Whether everybody is let in. */
  readonly isOpen: boolean
  /** What a token allows; null for one that is not known. */
  readonly levelOf: (token: string) => AccessLevel | null
  /** A value for a cookie that stands for a token, as long as this server runs. */
  readonly beginSession: (token: string) => string | null
  /** Makes the value of a cookie stand for nothing. */
  readonly endSession: (session: string) => void
  /** What the value of a cookie allows; null if it stands for nothing. */
  readonly levelOfSession: (session: string) => AccessLevel | null
}

/** The most people who can be logged in at once; the first of them is logged out. */
const mostSessions = 1000

/** Lets in who knows one of these tokens; everybody, if there are none. */
export const makeAccess = (tokens: ReadonlyArray<AccessToken>): Access => {
  const known = tokens.map(({ token, access = "write" }) => ({ hash: hashOf(token), access }))
  const sessions = new Map<string, AccessLevel>()
  const levelOf = (token: string): AccessLevel | null => {
    const hash = hashOf(token)
    // Each is compared, so that the time says nothing of which one it is.
    const found = known.filter((one) => timingSafeEqual(one.hash, hash))
    return found[0]?.access ?? null
  }
  return {
    isOpen: tokens.length === 0,
    levelOf,
    beginSession: (token) => {
      const level = levelOf(token)
      if (level === null) return null
      const session = randomBytes(32).toString("base64url")
      const [oldest] = sessions.keys()
      if (sessions.size >= mostSessions && oldest !== undefined) sessions.delete(oldest)
      sessions.set(keyOf(session), level)
      return session
    },
    endSession: (session) => {
      sessions.delete(keyOf(session))
    },
    levelOfSession: (session) => sessions.get(keyOf(session)) ?? null,
  }
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest()

const keyOf = (session: string): string => hashOf(session).toString("base64url")
