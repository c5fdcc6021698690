/** The seed of a run: EXECLOG_PROOF_SEED where it is set, to see a run again as far as time allows. */
export const proofSeed = (): number =>
  Number(process.env["EXECLOG_PROOF_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
