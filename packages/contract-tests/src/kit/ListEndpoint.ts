import type { Connection } from "@execlog/core/adapter"
import { type Fixture, listQueryOf } from "./Fixture.js"
import type { Subject } from "./Subject.js"

/** A list endpoint of a connection. */
export type ListEndpoint = Connection["list"]

/** The list endpoint of a connection by its name. */
export const endpointNamed = ({ list, detail }: Connection, name: string): ListEndpoint =>
  detail?.name === name ? detail : list

/** The list endpoint that answers a fixture's query. */
export const endpointAnswering = (subject: Subject, fixture: Fixture): ListEndpoint => {
  const { endpoint } = subject.client(fixture).explain(listQueryOf(fixture) ?? {})
  return endpointNamed(subject.connection(fixture), endpoint)
}
