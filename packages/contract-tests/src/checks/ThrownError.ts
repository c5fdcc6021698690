/** The error that a call rejects with or throws; a sentence if it succeeds. */
export const errorOf = async (call: () => unknown): Promise<unknown> => {
  try {
    await call()
  } catch (error) {
    return error
  }
  return "no error at all"
}
