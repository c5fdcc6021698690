// Verdaccio in a process of its own, which ends when the one that started it is gone.

import { createRequire } from "node:module"
import { join } from "node:path"

process.once("disconnect", () => process.exit())

const [folder = "", config = ""] = process.argv.slice(2)
const { runServer } = createRequire(join(folder, "package.json"))("verdaccio")
const server = await runServer(config)
server.listen(0, "127.0.0.1", () => process.send?.({ port: server.address().port }))
