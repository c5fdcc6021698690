import type { StoreHint, StoreHintCode } from "@execlog/store"

const runAgain = "The progress so far is kept; run the same command again to continue."

/** The hints of the store that flags, commands or variables word better here. */
const hints: Partial<Readonly<Record<StoreHintCode, string>>> = {
  create_store: "execlog sync creates it. Name another with --store.",
  fill_store: "execlog sync fills it. Name another with --store.",
  use_other_store: "Name another with --store.",
  upgrade: "It was written by a newer execlog. Install that version: npm install execlog@latest.",
  open_to_write: "Run execlog sync once to bring it up to date.",
  restore_or_sync:
    "Restore a backup, or run execlog sync --full to read again what the provider still has.",
  reopen: "Run the same command again to continue with the file that is there now.",
  retry: runAgain,
  check_disk: `Check the disk. ${runAgain}`,
  free_space: `Free some space. ${runAgain}`,
  make_writable: "Make the file and its folder writable, or name another with --store.",
  check_server: `Check that the server is up. ${runAgain}`,
  check_password:
    "Check the user in the address, and the password: in PGPASSWORD, or in the address in EXECLOG_STORE.",
  rename_connection: "Give one of them another name in the configuration.",
}

/** The hint of a store error, reworded for the command line. */
export const storeHintText = ({ code, text }: StoreHint): string => hints[code] ?? text
