/**
 * An event is a number: twice its execution, plus one for the event that ends the execution. Millions of
 * events fit into a typed array that way.
 */

/** The event of an execution's start. */
export const startEventOf = (execution: number): number => execution * 2

/** The event of an execution's end. */
export const endEventOf = (execution: number): number => execution * 2 + 1

/** The execution of an event. */
export const executionOf = (event: number): number => event >>> 1

/** Whether an event ends its execution. */
export const isEndEvent = (event: number): boolean => (event & 1) === 1
