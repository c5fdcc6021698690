/** One use of execlog, and what it has to work with. */
export interface Case {
  /** A folder with the configuration of one connection; stores and exports lie there as well. */
  readonly folder: string
  /** Takes what is shown to somebody, which must hold no key. */
  readonly shows: (where: string, text: string) => void
}
