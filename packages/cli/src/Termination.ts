/** A signal that aborts when the process is asked to end, so that what is in hand can be finished. */
export const watchTermination = (): AbortSignal => {
  const controller = new AbortController()
  process.once("SIGTERM", () => controller.abort())
  return controller.signal
}
