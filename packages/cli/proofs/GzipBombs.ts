import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import type { Randomness } from "@execlog/simulator"

const megabyte = 1024 * 1024
const bombs = [
  { piece: " ", megabytes: 100 },
  { piece: "0,", megabytes: 60 },
  { piece: "{},", megabytes: 60 },
  { piece: "[", megabytes: 60 },
]

/** Writes responses that are small when sent and large when decompressed. */
export const writeBombs = (folder: string): void => {
  for (const [index, { piece, megabytes }] of bombs.entries()) {
    const many = piece.repeat((megabytes * megabyte) / piece.length)
    writeFileSync(join(folder, String(index)), gzipSync(`{"data":[${many}0]}`))
  }
}

/** The path of one of them. */
export const readBomb = (folder: string, random: Randomness): Uint8Array =>
  readFileSync(join(folder, String(random.below(bombs.length))))
