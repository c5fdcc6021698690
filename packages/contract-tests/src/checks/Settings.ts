import { AdapterError, createClient } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { connect, type Subject } from "../kit/Subject.js"
import { endpointsOf } from "./Endpoints.js"
import { errorOf } from "./ThrownError.js"

/** Wrong settings are reported by name when the adapter is created. */
export const wrongSettings: AdapterCheck = {
  promise: "names a missing, empty, wrong or unknown setting when the adapter is created",
  appliesTo: () => true,
  run: async (subject) => {
    const good = subject.settings()
    const cases: Array<readonly [string, string, Record<string, unknown>]> = [
      ["an unknown setting", "surelyNoSetting", { ...good, surelyNoSetting: "value" }],
    ]
    for (const { name, kind, required } of subject.adapter.settings) {
      if (required) {
        const { [name]: _left, ...others } = good
        cases.push([`no ${name}`, name, others])
        cases.push([`${name} undefined`, name, { ...good, [name]: undefined }])
      }
      if (kind === "secret" || required) {
        cases.push([`${name} empty`, name, { ...good, [name]: "" }])
      }
      if (kind === "secret")
        cases.push([`${name} with a line break`, name, { ...good, [name]: "a\nb" }])
      if (kind === "url") {
        cases.push([`${name} without a scheme`, name, { ...good, [name]: "api.example.com" }])
        cases.push([
          `${name} of another scheme`,
          name,
          { ...good, [name]: "ftp://api.example.com" },
        ])
      }
      if (kind === "span") cases.push([`${name} without a unit`, name, { ...good, [name]: "soon" }])
      cases.push([`${name} as a function`, name, { ...good, [name]: () => "value" }])
    }
    for (const [what, name, settings] of cases) {
      const error = await errorOf(() => connect(subject.adapter, settings))
      const isNamed =
        AdapterError.is(error) &&
        error.reason === "InvalidSettings" &&
        error.subject?.kind === "setting" &&
        error.subject.name === name &&
        error.message !== ""
      holds(isNamed, () => ({
        found: `${subject.adapter.id} with ${what} gave ${shown(error)}.`,
        expected: `InvalidSettings, with the setting "${name}" as its subject`,
        why: "A missing variable must fail at the start, not as a 401 at night.",
      }))
    }
  },
}

/** Each setting has a description. */
export const describedSettings: AdapterCheck = {
  promise: "describes each setting",
  appliesTo: () => true,
  run: async ({ adapter }) => {
    const silent = adapter.settings.filter(({ description }) => description.trim().length < 5)
    holds(/^[a-z][a-z0-9-]*$/.test(adapter.id) && adapter.title !== "", () => ({
      found: `The adapter has the id ${shown(adapter.id)} and the title ${shown(adapter.title)}.`,
      expected: "a lower-case id that starts with a letter, and a title",
      why: "The id is part of the package name and the variables; users see the title.",
    }))
    holds(silent.length === 0, () => ({
      found: `The adapter ${adapter.id} does not describe ${shown(silent.map(({ name }) => name))}.`,
      expected: "a description of each setting",
      why: "The command line shows them as its help.",
    }))
  },
}

/** A trailing slash of the base URL changes nothing. */
export const baseUrlSlash: AdapterCheck = {
  promise: "sends the same requests with and without a trailing slash in the base URL",
  appliesTo: ({ adapter }) => adapter.settings.some(({ kind }) => kind === "url"),
  run: async (subject) => {
    const [setting] = subject.adapter.settings.filter(({ kind }) => kind === "url")
    if (setting === undefined) return
    const base = "https://provider.example.com/some/path"
    for (const endpoint of endpointsOf(subject)) {
      const [plain, slashed, host] = await Promise.all(
        [base, `${base}/`, "https://provider.example.com"].map((url) =>
          requested(subject, setting.name, url, endpoint),
        ),
      )
      holds(plain === slashed && plain?.startsWith(`${base}/`) === true, () => ({
        found: `With ${base}, ${endpoint.name} requests ${plain}; with a trailing slash, ${slashed}.`,
        expected: `one URL below ${base}/`,
        why: "Users copy URLs with and without it.",
      }))
      holds(
        host?.startsWith("https://provider.example.com/") === true && !host.includes("com//"),
        () => ({
          found: `With https://provider.example.com, ${endpoint.name} requests ${host}.`,
          expected: "a URL of that host with single slashes",
          why: "Self-hosted servers can have any base URL.",
        }),
      )
    }
  },
}

const requested = async (
  subject: Subject,
  name: string,
  url: string,
  { fixture, call }: ReturnType<typeof endpointsOf>[number],
): Promise<string> => {
  const requests: Array<string> = []
  const connection = connect(subject.adapter, { ...subject.settings(fixture), [name]: url })
  const client = createClient(connection, {
    transport: { retries: 0 },
    fetch: (input) => {
      requests.push(String(input))
      return Promise.reject(new Error("not sent"))
    },
  })
  await errorOf(() => call(client))
  return requests[0] ?? "nothing"
}
