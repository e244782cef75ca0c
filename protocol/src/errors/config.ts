import type { ErrorEntry } from "./error-entry.ts";

/** WR8xxx: configuration and commands. */
export const CONFIG_ERRORS = {
  WR8001: { title: "Setting not valid", advice: "Correct it; window-host config --explain lists every setting with its range" },
  WR8002: { title: "Command not understood", advice: "Run it with --help for examples" },
  WR8003: { title: "window-host is not running", advice: "Start it, or give its --data folder" },
  WR8004: { title: "Cannot listen on the port", advice: "Another program uses it; stop it or choose another port" },
  WR8005: {
    title: "Pairing not possible",
    advice: "See window-host pair --list for the names in use, and window-host pair --help for what an origin looks like",
  },
  WR8006: {
    title: "Data folder not usable",
    advice: "Give --data a folder that this user may write to and whose disk has space, or repair the file named",
  },
  WR8007: {
    title: "Clock of this PC is wrong",
    advice: "Set it, and switch time synchronisation on (timedatectl set-ntp true); ratings keep their order and are corrected at central",
  },
  WR8008: { title: "Node version not supported", advice: "Start it with the window-host command, which brings the right one" },
  WR8009: {
    title: "Site file not signed, or altered",
    advice: "Take the file from whoever signed it once more; window-host site sign signs one",
  },
  WR8010: {
    title: "Site file signed by an unknown key",
    advice: "Ask IT whose key it is; if the site has a new key, give it with --key",
  },
  WR8011: {
    title: "Site file older than the one in use",
    advice: "Take the newest file; to go back to old settings, export them with a higher version and sign them",
  },
  WR8012: { title: "Not a site file", advice: "Make one with window-host site export, then window-host site sign" },
  WR8013: {
    title: "List of windows not usable",
    advice: "Correct the rows named, all or nothing is taken; window-host setup --help shows the columns",
  },
  WR8014: { title: "Central has no site file", advice: "Put it there with window-central site-file put site.json, or give it with --site" },
  WR8015: { title: "File is no longer there", advice: "Choose the file again: it is kept only as long as the page is open" },
  WR8016: {
    title: "Not a signing key",
    advice: "Choose the file with the private key (site-key.pem); window-host site key or the console makes one, once for the hall",
  },
} as const satisfies Record<string, ErrorEntry>;
