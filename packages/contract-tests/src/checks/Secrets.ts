import { inspect } from "node:util"
import type { AdapterCheck } from "../Check.js"
import { holds } from "../ContractViolation.js"
import { idOf, listQueryOf } from "../Fixture.js"
import { createClient } from "@execlog/core"
import { connect, connectionName, type Subject } from "../Subject.js"
import { askWith, endpointsOf } from "./Endpoints.js"
import { refusalOf } from "./Refusal.js"

/** The key stands in the request, and nowhere else. */
export const secretSafety: AdapterCheck = {
  promise: "shows the key in no output, error, console line, cursor, plan or printed connection",
  appliesTo: ({ secrets }) => secrets.length > 0,
  run: async (subject) => {
    const console = await recordingConsole(async () => {
      const connection = subject.connection()
      assertClean(subject, "the connection", connection)
      for (const fixture of subject.fixtures) {
        const id = idOf(fixture)
        const query = listQueryOf(fixture)
        const asked = () =>
          id === null ? subject.pages(fixture) : subject.replay(fixture, (to) => to.get(id))
        let outcome: unknown
        const error = await refusalOf(async () => {
          outcome = await asked()
        })
        // Rows, cursors and errors alike.
        assertClean(subject, `what ${fixture.name} gives`, outcome ?? error)
        if (query !== null)
          assertClean(
            subject,
            `the plan of ${fixture.name}`,
            subject.client(fixture).explain(query),
          )
      }
      await echoes(subject)
    })
    assertClean(subject, "the console", console)
  },
}

/** Servers, proxies and fetch itself repeat what they were sent. */
const echoes = async (subject: Subject): Promise<void> => {
  const all = subject.secrets.join(" ")
  for (const endpoint of endpointsOf(subject)) {
    for (const status of [200, 400, 401, 500]) {
      for (const body of [
        JSON.stringify({ message: `Bad key ${all}`, data: all, notifications: all }),
        `<p>${all}</p>`,
        JSON.stringify(all),
      ]) {
        const error = await refusalOf(() => askWith(subject, endpoint, { status, body }))
        assertClean(
          subject,
          `the error of ${endpoint.name} over a ${status} that repeats the key`,
          error,
        )
      }
    }
    const failing = createClient(subject.connection(endpoint.fixture), {
      name: connectionName,
      transport: { retries: 0 },
      fetch: (_input, init) => Promise.reject(new Error(`cannot send ${inspect(init)} ${all}`)),
    })
    const error = await refusalOf(() => endpoint.call(failing))
    assertClean(subject, `the error of ${endpoint.name} over a broken connection`, error)
  }
  const [wrong] = subject.adapter.settings.filter(({ kind }) => kind !== "secret")
  if (wrong === undefined) return
  const error = await refusalOf(() =>
    connect(subject.adapter, { ...subject.settings(), [wrong.name]: Symbol("no") }),
  )
  assertClean(subject, `the error over a wrong ${wrong.name}`, error)
}

const assertClean = (subject: Subject, what: string, value: unknown): void => {
  const forms = [
    inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null }),
  ]
  try {
    forms.push(JSON.stringify(value) ?? "")
  } catch {
    // A circular value cannot be written as JSON, so that it leaks nothing there.
  }
  if (value instanceof Error) forms.push(value.message, value.stack ?? "", String(value.cause))
  for (const secret of subject.secrets) {
    const marks = [secret, btoa(secret).replace(/=+$/, ""), encodeURIComponent(secret)]
    const leak = forms.find((form) => marks.some((mark) => form.includes(mark)))
    holds(leak === undefined, () => ({
      found: `The key stands in ${what}: …${excerpt(leak ?? "", secret)}…`,
      expected: "the key in the header of the request, and nowhere else",
      why: "Logs and bug reports are read by more people than the key is for.",
    }))
  }
}

const excerpt = (text: string, secret: string): string => {
  const at = Math.max(0, text.indexOf(secret))
  return text.slice(Math.max(0, at - 60), at).replaceAll("\n", " ") + "KEY"
}

const methods = ["log", "info", "warn", "error", "debug"] as const

/** What was said on the console meanwhile. */
const recordingConsole = async (use: () => Promise<void>): Promise<ReadonlyArray<string>> => {
  const said: Array<string> = []
  const before = methods.map((method) => globalThis.console[method])
  for (const method of methods) {
    globalThis.console[method] = (...given: ReadonlyArray<unknown>) => {
      said.push(
        given
          .map((part) => (typeof part === "string" ? part : inspect(part, { depth: 10 })))
          .join(" "),
      )
    }
  }
  try {
    await use()
  } finally {
    for (const [index, method] of methods.entries()) {
      const original = before[index]
      if (original !== undefined) globalThis.console[method] = original
    }
  }
  return said
}
