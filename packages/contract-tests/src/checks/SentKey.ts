import { createClient } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { findLeak } from "../kit/SecretSearch.js"
import { connectionName } from "../kit/Subject.js"
import { endpointsOf } from "./Endpoints.js"
import { errorOf } from "./ThrownError.js"

/** The key is sent where servers and proxies do not log it. */
export const sentKey: AdapterCheck = {
  promise: "sends the key in a header, and neither in the URL nor in the body",
  appliesTo: (subject) => Object.keys(subject.connection().auth().headers).length > 0,
  run: async (subject) => {
    const { secrets } = subject
    const { headers: authHeaders } = subject.connection().auth()
    holds(findLeak({ headers: authHeaders }, secrets) !== null, () => ({
      found: `The headers ${Object.keys(authHeaders).join(", ")} of auth contain no setting that is declared a secret.`,
      expected: "each key and password to be declared by Setting.secret",
      why: "Only declared secrets are kept out of messages, cursors and recordings.",
    }))
    for (const endpoint of endpointsOf(subject)) {
      const sent: Array<Request> = []
      const client = createClient(subject.connection(endpoint.fixture), {
        name: connectionName,
        transport: { retries: 0 },
        fetch: (input, init) => {
          sent.push(new Request(input, init))
          return Promise.reject(new Error("not sent"))
        },
      })
      await errorOf(() => endpoint.call(client))
      for (const request of sent) {
        const headers = Object.fromEntries(request.headers)
        holds(findLeak({ headers }, secrets) !== null, () => ({
          found: `${endpoint.name} sends no key; its headers are ${Object.keys(headers).join(", ")}.`,
          expected: "the headers of auth in each request",
          why: "The provider rejects requests without a key.",
        }))
        const open = { address: request.url, body: await request.text() }
        const leak = findLeak(open, secrets)
        holds(leak === null, () => ({
          found: `${endpoint.name} sends the key in the ${leak?.what}: …${leak?.before}KEY…`,
          expected: "the key only in a header; see Auth",
          why: "Servers and proxies log URLs.",
        }))
      }
    }
  },
}
