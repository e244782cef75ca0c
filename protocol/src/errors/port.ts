import type { ErrorEntry } from "./error-entry.ts";

/** WR3xxx: ports. */
export const PORT_ERRORS = {
  WR3001: { title: "Port not found", advice: "Check the cable and the path; window-host doctor lists the ports of this PC" },
  WR3002: {
    title: "No permission to open the port",
    advice: "Add the user to the group that owns the port (usually dialout) and log in again",
  },
  WR3003: { title: "Port is in use", advice: "Close the other program that holds the port" },
  WR3004: { title: "Wrong device on the port", advice: "Choose another port: what answers here is not a pad that a profile knows" },
  WR3005: { title: "Port failed", advice: "Check cable and adapter; the window PC opens it again by itself" },
} as const satisfies Record<string, ErrorEntry>;
