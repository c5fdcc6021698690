import { expect, it } from "vitest"
import type { SyncWarning } from "../src/index.js"
import { databases } from "./Databases.js"
import { sources, startEmpty } from "./Providers.js"
import { storeOf } from "./StoreOf.js"

const minute = 60_000

it.each(databases)(
  "stops requesting executions by id when every such request fails, in $name",
  async ({ make }) => {
    const dify = sources.find(({ name }) => name === "dify") ?? expect.fail()
    const simulator = await startEmpty()
    const history = dify.historyOf(simulator)
    await using database = await make()
    await using store = await storeOf(database)
    let isDown = false
    let asked = 0
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      if (!/\/workflows\/run\//.test(pathname)) return simulator.fetch(input, init)
      asked += 1
      return isDown ? new Response("upstream", { status: 502 }) : simulator.fetch(input, init)
    }
    const client = history.client({ name: "shop", fetch })
    const now = Date.now()
    const running = Array.from({ length: 1000 }, (_, index) =>
      history.start(now - 60 * minute - index * 1000),
    )
    expect(await store.sync(client)).toMatchObject({ added: 1000, notRefreshed: 0 })

    isDown = true
    asked = 0
    history.add(now)
    const warnings: Array<string> = []
    // The newest is listed once more.
    const later = {
      lookBackMs: 0,
      onWarning: ({ text }: SyncWarning) => warnings.push(text),
    }
    expect(await store.sync(client, later)).toMatchObject({
      added: 1,
      notRefreshed: 999,
      gone: 0,
      isStopped: false,
      isComplete: false,
    })
    expect(asked).toBe(3)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^999 executions, such as \S+, are unfinished, and could not be requested: /,
      ),
    ])

    isDown = false
    for (const id of running) history.finish(id, now)
    expect(await store.sync(client)).toMatchObject({
      changed: 1000,
      notRefreshed: 0,
      isComplete: true,
    })
    await simulator.stop()
  },
)
