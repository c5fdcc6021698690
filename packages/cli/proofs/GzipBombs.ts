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

/** Writes answers that are small where they are sent and large where they are read. */
export const writeBombs = (folder: string): void => {
  for (const [index, { piece, megabytes }] of bombs.entries()) {
    const many = piece.repeat((megabytes * megabyte) / piece.length)
    writeFileSync(join(folder, String(index)), gzipSync(`{"data":[${many}0]}`))
  }
}

/** One of them. */
export const readBomb = (folder: string, random: Randomness): Uint8Array =>
  readFileSync(join(folder, String(random.below(bombs.length))))
