import { always, answering, type Fault, type FaultGroup, times } from "./Fault.js"

const redirecting = (status: number, location: (path: string, origin: string) => string) =>
  answering(({ path, echo, otherOrigin }) => ({
    status,
    headers: { location: location(path, otherOrigin), "x-echo": echo },
    body: `<a href="${otherOrigin}/?key=${echo}">moved</a>`,
  }))

const elsewhere = (status: number): Fault => ({
  name: `a redirect to another origin (${status})`,
  reply: always(
    answering(({ path, echo, otherOrigin }) => ({
      status,
      headers: { location: `${otherOrigin}${path}`, "x-echo": echo },
      body: "",
    })),
  ),
  expected: [
    {
      kind: "failed",
      reason: "Transport",
      status,
      hint: "update_base_url",
      requests: 1,
    },
  ],
})

export const redirectFaults: FaultGroup = {
  title: "The server redirects",
  faults: [
    {
      name: "a redirect within the origin, once",
      reply: times(
        1,
        redirecting(307, (path) => path),
      ),
      expected: [{ kind: "recovered" }],
    },
    {
      name: "a redirect to follow by GET (303), once",
      reply: answering(({ requests, turn, provided }) => {
        if (turn === 0) return { status: 303, headers: { location: "other" }, body: "" }
        if (turn !== 1) return provided()
        const [before, now] = requests.slice(-2)
        const isByGet = now?.body === "" && now.url.includes("other")
        return isByGet ? provided(before) : { status: 400, headers: {}, body: "" }
      }),
      expected: [{ kind: "recovered" }],
    },
    ...[301, 302, 307, 308].map(elsewhere),
    {
      name: "a redirect to an invalid URL",
      reply: always(
        answering(({ echo }) => ({
          status: 302,
          headers: { location: `http://[${echo}` },
          body: "",
        })),
      ),
      expected: [
        {
          kind: "failed",
          reason: "Transport",
          status: 302,
          hint: "update_base_url",
          requests: 1,
        },
      ],
    },
    {
      name: "a redirect in a loop",
      reply: always(redirecting(302, (path) => path)),
      expected: [
        {
          kind: "failed",
          reason: "Transport",
          status: 302,
          hint: "check_connection",
          requests: 6,
        },
      ],
    },
  ],
}
