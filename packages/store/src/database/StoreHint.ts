const tryAgain = "The progress so far is kept; try again to continue."

const hints = {
  correct_address:
    "Give the path of a file, such as ./execlog.db, or the URL of a database: postgres://user@host:5432/database.",
  name_file: "Give the path of a file.",
  name_file_in_folder: "Give the path of a file in it.",
  name_certificate_file: "Name a file of certificates in PEM format.",
  create_store: 'Open it with access "write" to create it, or give the address of another store.',
  fill_store: "Sync a client into it, or give the address of another store.",
  use_other_store: "Give the address of another store.",
  upgrade: "It was written by a newer version. Upgrade @execlog/store.",
  open_to_write: 'Open it once with access "write" to bring it up to date.',
  restore_or_sync:
    "Restore a backup, or sync with full: true to read again what the provider still has.",
  restore_or_move_away:
    "Restore a backup, or move it away: the next sync reads what the providers still have.",
  reopen: "Open it again to continue with the file that is there now.",
  retry: tryAgain,
  check_disk: `Check the disk. ${tryAgain}`,
  free_space: `Free some space. ${tryAgain}`,
  make_writable: "Make the file and its folder writable, or give the address of another store.",
  check_folder: "Check that its folder exists, and that you may read and write it.",
  check_server: `Check that the server is up. ${tryAgain}`,
  check_password: "Check the user and the password: in the address, or in the option password.",
  encrypt: "Add ?sslmode=require to the address, or configure the server for scram-sha-256.",
  enable_tls:
    "Enable TLS on the server, or, on a network of your own, add ?sslmode=disable to the address.",
  trust_certificate: "Add ?sslrootcert=FILE to the address, with the certificate of its authority.",
  create_database: "Create the database.",
  grant_create: "Grant the user CREATE on the database.",
  use_primary: "Give the address of the primary server.",
  rename_connection: "Give one of the two clients another name.",
} as const

/** The code of a {@link StoreHint}. */
export type StoreHintCode = keyof typeof hints

/** A hint for a {@link StoreError}: `code` for programs, `text` for people. */
export interface StoreHint {
  readonly code: StoreHintCode
  readonly text: string
}

/** The hint of a code, with its default text. */
export const hintOf = (code: StoreHintCode): StoreHint => ({ code, text: hints[code] })
