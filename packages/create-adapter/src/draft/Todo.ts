/** Something that the author has to settle: which part of the adapter, and what to fill in there. */
export interface Todo {
  readonly where: string
  readonly what: string
}
