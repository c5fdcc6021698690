/**
 * An adapter, declared in one expression: data and pure functions that describe a provider's API.
 * Import it as a namespace: `Adapter.make({ … })`.
 */
import * as Redacted from "effect/Redacted"
import { withCallerStack } from "../model/CallerStack.js"
import type { ExecutionStatus } from "../model/Execution.js"
import type { Json, JsonObject } from "../model/Json.js"
import { guardOf } from "./AdapterGuard.js"
import { type Connection, contractVersion } from "./Connection.js"
import type { Declaration } from "./Declaration.js"
import { getLikeList, getMaker } from "./DeclaredGet.js"
import { lookupsOf } from "./DeclaredJoins.js"
import { listMaker } from "./DeclaredList.js"
import type { Joins } from "./Join.js"
import {
  parseSettings,
  type SettingsDeclaration,
  type SettingsInput,
  type SettingsType,
} from "./Setting.js"

/** The declaration of a setting, without its value. */
export interface SettingInfo {
  readonly name: string
  readonly kind: "secret" | "url" | "text" | "span" | "json"
  readonly required: boolean
  readonly description: string
  readonly default: Json
}

/** An adapter: a function from settings to a connection, with its metadata. */
export interface Adapter<Input> {
  /**
   * Checks the settings and returns a connection for `createClient`. Throws an AdapterError with
   * the reason `InvalidSettings` that names the setting and never contains a secret.
   */
  (settings: Input): Connection
  readonly kind: "execlog/adapter"
  readonly contractVersion: number
  readonly id: string
  readonly title: string
  readonly settings: ReadonlyArray<SettingInfo>
  /** The provider's words for a status, each with the status that it maps to. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
}

/** Creates an adapter from its declaration. */
export const make = <
  const Settings extends SettingsDeclaration,
  Page,
  Item,
  DetailPage = never,
  DetailItem = never,
  GetItem = never,
  Declared extends Joins = Joins,
>(
  declaration: Declaration<Settings, Page, Item, DetailPage, DetailItem, GetItem, Declared>,
): Adapter<SettingsInput<Settings>> => {
  const { id, title, statuses, list, detail, get } = declaration
  const shared = {
    statuses,
    triggers: declaration.triggers ?? {},
    headers: declaration.headers ?? (() => ({})),
    joins: declaration.joins ?? {},
    lookups: lookupsOf(declaration.joins),
  }
  const makeList = listMaker(list, shared)
  const makeDetail = detail === undefined ? null : listMaker(detail, shared)
  const makeGet =
    get === undefined
      ? null
      : get.item === undefined
        ? getMaker(getLikeList(get, list), shared)
        : getMaker(get, shared)

  const connect = (input: SettingsInput<Settings>): Connection =>
    withCallerStack(connect, () => connectionOf(parseSettings(id, declaration.settings, input)))

  const connectionOf = (config: SettingsType<Settings>): Connection => {
    const guard = guardOf(id, "InvalidSettings")
    return {
      kind: "execlog/connection",
      contractVersion,
      provider: id,
      title,
      baseUrl: guard("baseUrl", declaration.baseUrl ?? baseUrlOf)(config),
      settings: publicSettings(config),
      tuning: Object.entries(declaration.settings).flatMap(([name, { tunes }]) =>
        tunes === true ? [name] : [],
      ),
      auth: () => declaration.auth(config),
      statuses,
      secrets: () => [
        ...Object.values(config).filter(Redacted.isRedacted).map(secretText),
        ...(declaration.auth(config).secrets ?? []),
      ],
      reopens: declaration.reopens ?? false,
      list: guard("list", makeList)("list", config),
      detail:
        detail === undefined || makeDetail === null
          ? null
          : { ...guard("detail", makeDetail)("detail", config), when: detail.when },
      get: makeGet === null ? null : makeGet(config),
      problem: declaration.problem ?? (() => ({})),
    }
  }
  return Object.assign(connect, {
    kind: "execlog/adapter" as const,
    contractVersion,
    id,
    title,
    statuses,
    settings: Object.entries(declaration.settings).map(([name, setting]) => ({
      name,
      kind: setting.kind,
      required: setting.required,
      description: setting.description,
      default: setting.default,
    })),
  })
}

const baseUrlOf = (config: { readonly baseUrl?: unknown }): string => {
  if (typeof config.baseUrl === "string") return config.baseUrl
  throw new Error("there is no setting baseUrl, and no function baseUrl that gives the address")
}

const secretText = (secret: Redacted.Redacted<unknown>): string => String(Redacted.value(secret))

const publicSettings = (config: { readonly [name: string]: unknown }): JsonObject => {
  const shown = Object.entries(config).filter(([, value]) => !Redacted.isRedacted(value))
  // Settings are plain JSON: the round trip only drops fields that are undefined.
  return JSON.parse(JSON.stringify(Object.fromEntries(shown)))
}
