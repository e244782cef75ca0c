import type { ErrorEntry } from "./index.ts";

/** WR8xxx: configuration and commands. */
export const CONFIG_ERRORS = {
  WR8001: { title: "Setting not valid", advice: "Correct it; window-host config --explain lists every setting with its range" },
  WR8002: { title: "Command not understood", advice: "Run it with --help for examples" },
  WR8003: { title: "window-host is not running", advice: "Start it, or give its --data folder" },
  WR8004: { title: "Cannot listen on the port", advice: "Another program uses it; stop it or choose another port" },
} as const satisfies Record<string, ErrorEntry>;
