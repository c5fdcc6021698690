import type { Command } from "commander"

/** Which connections a command asks. */
export interface ConnectionFlags {
  readonly connection?: ReadonlyArray<string>
  readonly config?: string
  readonly provider?: string
  readonly set?: ReadonlyArray<string>
}

/** Collects the values of a flag that may be given several times. */
export const collect = (
  value: string,
  before: ReadonlyArray<string> = [],
): ReadonlyArray<string> => [...before, value]

/** Adds the flags that choose connections, or the one connection of a command that takes one. */
export const withConnectionFlags = (command: Command, count: "one" | "any" = "any"): Command =>
  command
    .optionsGroup("Connections:")
    .option(
      "--connection <name>",
      count === "one"
        ? "ask this connection of the configuration; default: the only one"
        : "ask this connection of the configuration; repeatable; default: all",
      collect,
    )
    .option("--config <path>", "read this configuration; default: ./execlog.json")
    .option("--provider <id>", "ask a provider that is not configured; see execlog providers")
    .option("--set <name=value>", "a setting for --provider; repeatable", collect)
