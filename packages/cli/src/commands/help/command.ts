import { Command } from "commander"
import { UsageError } from "../../session/UsageError.js"

/** `execlog help`. Commander's own does not say that a command is unknown. */
export const helpCommand = (): Command =>
  new Command("help")
    .description("show the help of a command")
    .argument("[command]", "the command; without it, the help of execlog")
    .action(async (name: string | undefined, _flags: object, command: Command) => {
      const program = command.parent ?? command
      if (name === undefined) return program.help()
      const asked = program.commands.find((other) => other.name() === name)
      if (asked !== undefined) return asked.help()
      const { unknownCommand } = await import("../../session/CallFaults.js")
      const { message, hint } = unknownCommand(name, program)
      throw new UsageError(message, hint)
    })
