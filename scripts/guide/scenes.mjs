// Changes at the providers between or during the commands of a page, by name.

const second = 1000
const minute = 60 * second

const listsOf = (provider) => (request) =>
  request.provider === provider && /\/(?:logs|executions|filter)(?:\?|$)/.test(request.path)

/** Calls each step in turn as a provider is asked for its list: the first before the first time. */
const whenListed = ({ simulator }, provider, steps) => {
  const isList = listsOf(provider)
  let asked = 0
  simulator.intercept((request) => {
    if (!isList(request)) return undefined
    steps[asked]?.()
    asked += 1
    return undefined
  })
}

const start = (world, at) => {
  world.started.push(world.simulator.dify.insert({ status: "running", at }).runId)
}

export const scenes = {
  /** A little later: something new, and something that was running has ended. */
  "five minutes later": (world) => {
    const { dify, alloy, n8n } = world.simulator
    const from = world.now
    dify.insert({ at: from + 20 * second, finishedAt: from + 24 * second, totalTokens: 812 })
    dify.insert({
      at: from + 70 * second,
      finishedAt: from + 71 * second,
      status: "failed",
      error: "API request failed with status code 429: Too Many Requests",
    })
    alloy.finish(
      alloy.start({ workflow: 1, user: 2, startedAt: from + 90 * second }),
      "ok",
      from + 97 * second,
    )
    const running = [...n8n.truth()].filter(({ status }) => status === "running")
    for (const { id } of running) n8n.finish(id, "success", from + 2 * minute)
    world.now += 5 * minute
  },
  /** During the next command: two start, then the first fails and the other succeeds. */
  "two start and end": (world) => {
    const { dify } = world.simulator
    const from = world.now
    world.perRequestMs = second
    world.started = []
    whenListed(world, "dify", [
      () => {},
      () => start(world, from + 500),
      () => start(world, from + 1_500),
      () => dify.finish(world.started[0], "failed", from + 2_800),
      () => dify.finish(world.started[1], "succeeded", from + 3_600),
    ])
  },
  /** During the next command two start. */
  "two start": (world) => {
    const from = world.now
    world.perRequestMs = second
    world.started = []
    whenListed(world, "dify", [
      () => {},
      () => start(world, from + 500),
      () => start(world, from + 1_500),
    ])
  },
  /** Before the next command the two end, and a minute goes by. */
  "they end": (world) => {
    const { dify } = world.simulator
    dify.finish(world.started[0], "failed", world.now + 6 * second)
    dify.finish(world.started[1], "succeeded", world.now + 9 * second)
    world.now += minute
  },
  /** No more of that. */
  quiet: (world) => {
    world.perRequestMs = 0
    world.simulator.intercept(() => undefined)
  },
}
