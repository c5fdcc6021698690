import { AdapterError, createClient, type LogQuery } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { connectionName, type Subject } from "../kit/Subject.js"
import { shownEndpoints } from "./Coverage.js"
import { errorOf } from "./ThrownError.js"

const samples = (subject: Subject): ReadonlyArray<LogQuery> => [
  { workflowId: "some-workflow" },
  { actorId: "some-actor" },
  { search: subject.options.search ?? "text" },
  { order: "oldest" },
  { status: ["failed"] },
  { status: ["running", "succeeded"] },
  { since: "2026-11-20T00:00:00Z" },
  { until: "2026-11-20T00:00:00Z" },
]

/** Unsupported queries are rejected before any request, and supported ones are not. */
export const unsupported: AdapterCheck = {
  promise: "rejects an unsupported query before any request, and names the part",
  appliesTo: () => true,
  run: async (subject) => {
    const connection = subject.connection()
    let requests = 0
    const client = createClient(connection, {
      name: connectionName,
      transport: { retries: 0 },
      fetch: () => {
        requests++
        return Promise.reject(new Error("not sent"))
      },
    })
    for (const { base } of shownEndpoints(subject)) {
      for (const sample of samples(subject)) {
        const query = { ...base, ...sample }
        const plan = await errorOf(() => client.explain(query))
        requests = 0
        const error = await errorOf(() => client.page(query))
        const part = Object.keys(sample)[0] ?? ""
        if (plan === "no error at all") {
          holds(!(AdapterError.is(error) && error.reason === "Unsupported"), () => ({
            found: `explain plans ${shown(query)}, but page rejects it: ${shown(error)}.`,
            expected: "both to say the same",
            why: "A plan that fails misleads users.",
          }))
          continue
        }
        holds(
          AdapterError.is(error) &&
            error.reason === "Unsupported" &&
            error.subject?.name === part &&
            !/: *\.?$/.test(error.message) &&
            requests === 0,
          () => ({
            found: `${shown(query)} gave ${shown(error)} after ${requests} requests, and explain gave ${shown(plan)}.`,
            expected: `Unsupported, with ${part} as its subject and a reason in the message, before any request`,
            why: "A silently ignored part of a query gives a wrong result.",
          }),
        )
      }
    }
    await rejectsGet(subject)
    await rejectsLargePages(subject)
  },
}

const rejectsGet = async (subject: Subject): Promise<void> => {
  const { get, list } = subject.connection()
  if (get !== null) return
  if (typeof list.lookup === "string") return assertLookup(subject, list.lookup)
  const error = await errorOf(() => subject.client().get("some-id"))
  holds(AdapterError.is(error) && error.reason === "Unsupported", () => ({
    found: `get, which the adapter does not declare, gave ${shown(error)}.`,
    expected: "Unsupported",
    why: "NotFound would say that the execution is gone.",
  }))
}

/** A lookup by an attribute must be sent to the provider: reading the whole log is too slow. */
const assertLookup = async (subject: Subject, attribute: string): Promise<void> => {
  const { filters } = subject.client().explain({ attributes: { [attribute]: "some-id" } })
  const found = filters.find(({ filter }) => filter === "attributes")
  holds(found?.answer === "provider", () => ({
    found: `lookup is ${shown(attribute)}, but the list is not filtered by it: ${shown(found)}.`,
    expected: `attributes.${attribute} among the filters, answered by the provider`,
    why: "Every get would read the whole log.",
  }))
}

const rejectsLargePages = async (subject: Subject): Promise<void> => {
  for (const { endpoint, base } of shownEndpoints(subject)) {
    const { maxPageSize, route } = endpoint
    const largest = await errorOf(() =>
      subject.client().explain({ ...base, pageSize: maxPageSize }),
    )
    const error = await errorOf(() => subject.client().page({ ...base, pageSize: maxPageSize + 1 }))
    const isRejected =
      AdapterError.is(error) &&
      error.reason === "InvalidQuery" &&
      error.subject?.name === "pageSize"
    holds(largest === "no error at all" && isRejected, () => ({
      found: `${route}: pageSize ${maxPageSize}, the declared maximum, gave ${shown(largest)}, and ${maxPageSize + 1} gave ${shown(error)}.`,
      expected: "a plan for the maximum, and InvalidQuery with the subject pageSize for more",
      why: "A silently truncated page looks like the end of the log.",
    }))
  }
}
