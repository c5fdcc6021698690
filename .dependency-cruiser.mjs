// Which package may import which. Packages import each other by name, so what they reach is the
// other's dist (build first); a relative path into another package is wrong in any direction.

import { apart, entrances, layers, pure } from "./scripts/lib/layers.mjs"

const own = "^packages/$1/"
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to })

const layerRules = Object.entries(layers).flatMap(([name, folders]) =>
  folders
    .slice(1)
    .map((folder, index) =>
      rule(
        `${name}-layers`,
        `In ${name}, folders import only downwards: ${folders.join(", ")}.`,
        { path: `^packages/${name}/src/${folder}/` },
        { path: `^packages/${name}/src/(?:${folders.slice(0, index + 1).join("|")})/` },
      ),
    ),
)

const apartRules = apart.map(({ name, within, what, but = [] }) =>
  rule(
    name,
    `${what} do not import each other.`,
    { path: `^${within}/([^/]+)/` },
    {
      path: `^${within}/[^/]+/`,
      pathNot: [`^${within}/$1/`, ...but.map((one) => `^${within}/${one}/`)],
    },
  ),
)

const pureRules = pure.map((folder) =>
  rule(
    "pure",
    `${folder} computes: what asks, waits or reports stands above it.`,
    { path: `^${folder}/` },
    {
      path: "/node_modules/effect/",
      pathNot:
        "/effect/dist/(?:Data|Inspectable|Predicate|Redacted|Result|Schema(?:AST|Issue)?)\\.",
    },
  ),
)

const entranceRules = Object.entries(entrances).map(([folder, files]) =>
  rule(
    "entrance",
    `Other folders use ${folder} by its entrance: ${files.join(", ")}.`,
    { path: "^packages/[^/]+/src/[^/]+/", pathNot: `^${folder}/` },
    { path: `^${folder}/`, pathNot: `^${folder}/(?:${files.join("|")})\\.ts$` },
  ),
)

export default {
  forbidden: [
    ...layerRules,
    ...entranceRules,
    ...apartRules,
    ...pureRules,
    rule(
      "resolvable",
      "An import leads to a file. By name, only what the other package exports can be reached.",
      {},
      { couldNotResolve: true },
    ),
    rule("no-cycle", "Modules do not import each other in a circle.", {}, { circular: true }),
    rule(
      "by-name",
      "No package reaches into the folders of another: import it by its name.",
      { path: "^packages/((?:adapters/)?[^/]+)/" },
      { path: "^packages/", pathNot: own, dependencyTypes: ["local"] },
    ),
    rule(
      "scripts-by-name",
      "Scripts import packages by name.",
      { path: "^scripts/" },
      { path: "^packages/", dependencyTypes: ["local"] },
    ),
    rule(
      "stands-alone",
      "core, simulator and create-adapter import nothing of ours.",
      { path: "^packages/(core|simulator|create-adapter)/src/" },
      { path: "^packages/", pathNot: own },
    ),
    rule(
      "core-only",
      "Adapters, contract-tests and store import core and nothing else of ours.",
      { path: "^packages/(adapters/[^/]+|contract-tests|store)/src/" },
      { path: "^packages/", pathNot: [own, "^packages/core/"] },
    ),
    rule(
      "server-only",
      "The server imports core and store and nothing else of ours, except what its demo bundles.",
      { path: "^packages/server/src/", pathNot: "^packages/server/src/demo/" },
      { path: "^packages/", pathNot: "^packages/(server|core|store)/" },
    ),
    rule(
      "cli-static",
      "The cli imports core and store; everything else of ours is loaded when it is asked for.",
      { path: "^packages/cli/src/" },
      {
        path: "^packages/",
        pathNot: ["^packages/(cli|core|store)/", "^packages/contract-tests/.*recording"],
        dynamic: false,
      },
    ),
    rule(
      "cli-recording",
      "Only the types of contract-tests/recording are imported; it is loaded where it is installed.",
      { path: "^packages/cli/src/" },
      { path: "^packages/contract-tests/", dynamic: false, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "cli-dynamic",
      "What the cli loads when asked is an adapter, the server, or contract-tests/recording.",
      { path: "^packages/cli/src/" },
      {
        path: "^packages/",
        pathNot: [
          "^packages/(cli|core|store|server|adapters/[^/]+)/",
          "^packages/contract-tests/.*recording",
        ],
        dynamic: true,
      },
    ),
    rule(
      "nothing-imports-cli",
      "The cli is the end of the line.",
      { pathNot: "^packages/cli/" },
      { path: "^packages/cli/" },
    ),
    rule(
      "tests",
      "Tests may also use contract-tests and simulator; those of the cli, the server and the store may use adapters as well.",
      { path: "^packages/((?:adapters/)?[^/]+)/", pathNot: "^packages/(bench|cli|server|store)/" },
      { path: "^packages/", pathNot: [own, "^packages/(core|contract-tests|simulator)/"] },
    ),
    rule(
      "src-not-to-test",
      "What ships does not import tests.",
      { path: "^packages/.*/src/" },
      { path: "^packages/.*/test/" },
    ),
    rule(
      "web-standard",
      "core and adapters run wherever fetch does: no Node built-ins.",
      { path: "^packages/(core|adapters/[^/]+)/src/" },
      { dependencyTypes: ["core"] },
    ),
    rule(
      "own-transport",
      "core wraps fetch itself; the barrel of effect/http alone takes 160 ms to import.",
      { path: "^packages/(core|adapters/[^/]+)/src/" },
      { path: "/node_modules/effect/dist/http/" },
    ),
    rule(
      "declared",
      "A package that ships declares what it imports, and not among devDependencies alone. The build bundles what platform/ and demo/ of the server import.",
      { path: "^packages/.*/src/", pathNot: "^packages/(bench|server/src/(?:platform|demo))/" },
      {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm", "npm-peer", "npm-optional"],
      },
    ),
  ],
  options: {
    // Imports of types count.
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", "/dist/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
}
