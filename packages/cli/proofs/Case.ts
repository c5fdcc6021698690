/** The surroundings of one use of execlog. */
export interface Case {
  /** A folder with a configuration of one connection, for stores and exports as well. */
  readonly folder: string
  /** Receives all visible output, which must not contain a key. */
  readonly shows: (where: string, text: string) => void
}
