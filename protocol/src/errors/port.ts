import type { ErrorEntry } from "./error-entry.ts";

/** WR3xxx: ports. */
export const PORT_ERRORS = {
  WR3001: { title: "Port not found", advice: "Check the cable and the path; window-host ports lists the ports of this PC" },
  WR3002: {
    title: "No permission to open the port",
    advice: "Add the user to the group that owns the port (usually dialout) and log in again",
  },
  WR3003: { title: "Port is in use", advice: "Close the other program that holds the port" },
  WR3004: { title: "Wrong device on the port", advice: "Choose another port: what answers here is not a pad that a profile knows" },
  WR3005: { title: "Port failed", advice: "Check cable and adapter; the window PC opens it again by itself" },
  WR3006: {
    title: "Pad given up for now",
    advice: "Mend what is named; the window PC tries again every half minute and takes the pad up by itself when it is back",
  },
  WR3007: {
    title: "Line is noisy",
    advice: "Use a shorter or screened cable, keep it away from mains and motors, and check that both ends have the same speed",
  },
  WR3008: {
    title: "Serial server does not speak RFC 2217",
    advice:
      "Switch RFC 2217 on at the server (often called telnet or remote COM port), or write tcp:// and set speed and parity at the server",
  },
  WR3009: {
    title: "Serial server refused a line setting",
    advice: "Choose a speed that the server can do, or write tcp:// and set the line at the server",
  },
  WR3010: {
    title: "Firmware of the pad is faulty",
    advice: "Report its model, firmware and this text to its maker, and put another pad at the window; other windows go on",
  },
  WR3011: {
    title: "Pad loses power again and again",
    advice: "Plug it into the PC itself or a hub with its own supply, and exchange the cable",
  },
  WR3012: {
    title: "Tablet is not connected",
    advice:
      "Switch it on and look whether it reaches this PC over the network; a tablet that never was here needs a code: window-host pad browser",
  },
} as const satisfies Record<string, ErrorEntry>;
