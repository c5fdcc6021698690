import { uuidOf } from "../shared/Identifiers.js"
import { madeAccounts } from "./MadeRow.js"
import type { DifyRowFacts } from "./Row.js"

/** The accounts and end users that start the runs of one app. */
export interface DifyActors {
  /** Adds the actor of a row that was given, where it is a new one. */
  readonly note: (facts: DifyRowFacts) => void
  readonly endUserId: (session: string) => string
  readonly accountId: (email: string) => string
  /** The e-mail of an account, looked up by e-mail or id; null for an unknown one. */
  readonly accountOf: (emailOrId: string) => string | null
}

const salts = { endUser: 26, account: 27 }

/** The actors of made rows: some accounts, and so many end users. */
export const makeDifyActors = (seed: number, users: number): DifyActors => {
  const accounts: Array<string> = [...madeAccounts]
  const sessions = Array.from({ length: users }, (_, user) => `user-${user + 1}`)
  const accountId = (email: string) => uuidOf(seed, accounts.indexOf(email), salts.account)
  return {
    accountId,
    endUserId: (session) => uuidOf(seed, sessions.indexOf(session), salts.endUser),
    accountOf: (emailOrId) =>
      accounts.find((email) => email === emailOrId || accountId(email) === emailOrId) ?? null,
    note: ({ account, session }) => {
      if (account !== null && !accounts.includes(account)) accounts.push(account)
      if (session !== null && !sessions.includes(session)) sessions.push(session)
    },
  }
}
