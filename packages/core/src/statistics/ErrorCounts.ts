/** How often an error message occurred. */
export interface ErrorCount {
  /**
   * The most informative line of the message, cut to a reasonable length: the first that is not
   * empty, or the last of a Python traceback.
   */
  readonly message: string
  readonly count: number
}

/** Error messages while rows come. */
export interface ErrorTally {
  counts: Map<string, number>
  /** The largest error of a count, since rare messages were dropped. */
  lacking: number
}

const longest = 200
const mostMessages = 10_000

/** No error. */
export const makeErrorTally = (): ErrorTally => ({ counts: new Map(), lacking: 0 })

/**
 * Counts a message. Of more than 10,000 different ones the rarer half is forgotten: memory stays
 * bounded, the common ones stay, and `lacking` says by how much a count may be too low.
 */
export const tallyError = (errors: ErrorTally, message: string): void => {
  const line = tellingLine(message)
  if (line === "") return
  const count = errors.counts.get(line)
  if (count !== undefined) {
    errors.counts.set(line, count + 1)
    return
  }
  if (errors.counts.size === mostMessages) forgetRare(errors)
  errors.counts.set(line.length === message.length ? line : copyOf(line), 1)
}

/** The messages that came most often, the commonest first. */
export const commonestErrors = ({ counts }: ErrorTally, most: number): ReadonlyArray<ErrorCount> =>
  [...counts]
    .map(([message, count]) => ({ message, count }))
    .toSorted((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1))
    .slice(0, most)

// Python says last what went wrong, after where it did.
const traceback = "Traceback (most recent call last)"

const tellingLine = (message: string): string => {
  const text = message.trim()
  const line = text.startsWith(traceback) ? lastLine(text) : firstLine(text)
  if (line.length <= longest) return line
  const isInsidePair = /[\ud800-\udbff]/.test(line[longest - 2] ?? "")
  return `${line.slice(0, isInsidePair ? longest - 2 : longest - 1)}…`
}

const firstLine = (text: string): string => {
  const end = text.search(/[\n\r]/)
  return end === -1 ? text : text.slice(0, end).trimEnd()
}

const lastLine = (text: string): string =>
  text.slice(Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1).trimStart()

/** A text of its own: a part of one would keep the whole in memory. */
const copyOf = (text: string): string => String(JSON.parse(JSON.stringify(text)))

const forgetRare = (errors: ErrorTally): void => {
  // Of those that came equally often, the last are kept.
  const ascending = [...errors.counts].toSorted(([, a], [, b]) => a - b)
  errors.counts = new Map(ascending.slice(-mostMessages / 2))
  errors.lacking += ascending[mostMessages / 2 - 1]?.[1] ?? 0
}
