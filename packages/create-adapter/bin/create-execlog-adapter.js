#!/usr/bin/env node
// Written so that old versions of Node can read it: they shall say what is wrong, not fall over.
var found = process.versions.node.split(".").map(Number)

if (found[0] < 22 || (found[0] === 22 && found[1] < 20)) {
  console.error(
    "create-execlog-adapter: This is Node " +
      process.versions.node +
      " (" +
      process.execPath +
      "), " +
      "and execlog needs Node 22.20 or later.\n" +
      "  Install a later Node (https://nodejs.org), or try: npx -p node@24 -p create-execlog-adapter create-execlog-adapter",
  )
  process.exitCode = 2
} else {
  import("../dist/main.js").then(
    function (loaded) {
      return loaded.main(process.argv)
    },
    function (error) {
      console.error("create-execlog-adapter: The program cannot be loaded: " + error.message)
      console.error("  Install create-execlog-adapter again.")
      process.exitCode = 1
    },
  )
}
