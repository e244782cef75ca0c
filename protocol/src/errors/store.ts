import type { ErrorEntry } from "./error-entry.ts";

/** WR4xxx: the window PC's database. */
export const STORE_ERRORS = {
  WR4001: {
    title: "Database is damaged",
    advice:
      "Do not delete the file: the console (window-host screen console) or window-host database rescue makes a sound one of what is left; docs/database.md tells how",
  },
  WR4002: { title: "Database belongs to a newer version", advice: "Install the newer version again; this one leaves the file untouched" },
  WR4003: { title: "Disk is full", advice: "Free space on the disk; ratings wait in the pad and are not lost" },
  WR4004: { title: "Database setting not in force", advice: "Report this: the SQLite library did not accept a setting that safety needs" },
  WR4005: { title: "Database is in use", advice: "Another window-host runs on this data folder; stop it first" },
  WR4006: {
    title: "Rating for an unknown request",
    advice: "It is kept and counted for nobody; check whether the pad was moved from another window",
  },
  WR4007: { title: "Request rated twice by its pad", advice: "The first rating counts; report the pad's model and firmware to its maker" },
  WR4008: { title: "Database cannot be used", advice: "Run window-host doctor; ratings wait in the pad and are not lost" },
  WR4009: {
    title: "No such database or backup",
    advice: "See window-host database list for what there is; backups are made every hour while window-host runs",
  },
  WR4010: {
    title: "Rescued database must not be used",
    advice: "Nothing was changed; do what is named, or move the whole data folder aside and begin as a new window PC, never delete it",
  },
  WR4011: { title: "Database is being worked on", advice: "Wait until the check or comparison that was begun has ended" },
} as const satisfies Record<string, ErrorEntry>;
