/** What a store is opened for: to read what is there, or to write, which makes it where it is not. */
export type Access = "read" | "write"
