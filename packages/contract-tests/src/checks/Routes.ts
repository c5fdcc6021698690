import { createClient } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { withMadeUpIds } from "../kit/JoinExchanges.js"
import { connectionName } from "../kit/Subject.js"
import { endpointsOf } from "./Endpoints.js"
import { errorOf } from "./ThrownError.js"

/** The declared route is the requested one. */
export const namedRoutes: AdapterCheck = {
  promise: "declares the route that each endpoint requests",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { name, fixture, call } of endpointsOf(subject)) {
      const connection = subject.connection(fixture)
      const requests: Array<string> = []
      const client = createClient(withMadeUpIds(connection), {
        name: connectionName,
        transport: { retries: 0 },
        fetch: (input, init) => {
          const { method, url } = new Request(input, init)
          requests.push(`${method} ${url.replace(/[?#].*/s, "").slice(connection.baseUrl.length)}`)
          return Promise.reject(new Error("not sent"))
        },
      })
      await errorOf(() => call(client))
      const [request = "nothing"] = requests
      const route = connection[name]?.route ?? ""
      holds(patternOf(route).test(request), () => ({
        found: `${name} requests ${request}, but its route is "${route}".`,
        expected: 'the method and the path, with {…} for what changes: "GET /runs/{id}"',
        why: "Plans and errors name the route; users look it up in the provider's documentation.",
      }))
    }
  },
}

const patternOf = (route: string): RegExp => {
  const parts = route
    .split(/\{[^{}]+\}/)
    .map((part) => part.replaceAll(/[^\w/ -]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join("[^/]+")}$`)
}
