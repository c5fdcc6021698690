import { createInterface } from "node:readline/promises"

/** Asks a person on the terminal. */
export interface Questions extends Disposable {
  /** The answer, without spaces around it; empty where nothing was typed. */
  readonly ask: (question: string) => Promise<string>
}

/** Questions on a terminal: asked on stderr, since stdout is for what was written. */
export const askOn = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Questions => {
  const lines = createInterface({ input, output })
  const closed = new Promise<never>((_, reject) => {
    // Ctrl-D, and the end of the input.
    lines.once("close", () => reject(new Unanswered()))
  })
  // Closing after the last answer is no failure.
  closed.catch(() => undefined)
  return {
    ask: async (question) => (await Promise.race([lines.question(question), closed])).trim(),
    [Symbol.dispose]: () => lines.close(),
  }
}

/** The input ended before the question was answered. */
export class Unanswered extends Error {
  override readonly name = "Unanswered"
  constructor() {
    super("Canceled: not all questions were answered. Nothing was written.")
  }
}
