import type { Command } from "commander"

/** The flags that choose connections. */
export interface ConnectionFlags {
  readonly connection?: ReadonlyArray<string>
  readonly config?: string
  readonly provider?: string
  readonly set?: ReadonlyArray<string>
}

/** Collects the values of a repeatable flag. */
export const collect = (
  value: string,
  before: ReadonlyArray<string> = [],
): ReadonlyArray<string> => [...before, value]

/** Adds the flags that choose connections, or a single one. */
export const withConnectionFlags = (command: Command, count: "one" | "any" = "any"): Command =>
  command
    .optionsGroup("Connections:")
    .option(
      "--connection <name>",
      count === "one"
        ? "use this connection of the configuration; default: the only one"
        : "use this connection of the configuration; repeatable; default: all",
      collect,
    )
    .option("--config <path>", "read this configuration; default: ./execlog.json")
    .option("--provider <id>", "use a provider that is not configured; see execlog providers")
    .option("--set <name=value>", "a setting for --provider; repeatable", collect)
