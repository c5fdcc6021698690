import { Command } from "commander"

/** `execlog help`. Commander's own does not say that a command is unknown. */
export const helpCommand = (): Command =>
  new Command("help")
    .description("show the help of a command")
    .argument("[command]", "the command; without it, the help of execlog")
    .action((name: string | undefined, _flags: object, command: Command) => {
      const program = command.parent ?? command
      if (name === undefined) return program.help()
      const asked = program.commands.find((other) => other.name() === name)
      if (asked !== undefined) return asked.help()
      return program.error(`error: unknown command '${name}'`, {
        code: "commander.unknownCommand",
      })
    })
