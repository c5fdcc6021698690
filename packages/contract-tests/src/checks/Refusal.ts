/** What a call rejects or throws; a sentence where it does neither. */
export const refusalOf = async (call: () => unknown): Promise<unknown> => {
  try {
    await call()
  } catch (error) {
    return error
  }
  return "no error at all"
}
