import type { ErrorEntry } from "./error-entry.ts";

/** WR71xx: central's rule packs, calendar and deadlines. */
export const POLICY_ERRORS = {
  WR7101: {
    title: "Rule pack not valid",
    advice: "Correct the pack at the clause named; window-central policy check lists everything that is wrong",
  },
  WR7102: { title: "No such region", advice: "Give one of the regions that window-central policy packs lists" },
  WR7103: { title: "No such reading", advice: "Give one of the readings named, or none for the chosen one" },
  WR7104: {
    title: "Year without a holiday paper",
    advice:
      "Add the State Council's paper of that year to central/calendar/state-council once it is published; until then a person must set the date",
  },
  WR7105: { title: "Calendar data not valid", advice: "Correct the file named" },
  WR7106: { title: "Rule needs another fact", advice: "Add the option named" },
  WR7107: {
    title: "Step cannot be changed like this",
    advice:
      "Look at the step again; a closed step is never changed, a date needs its setter, an extension is asked in time and with who approved it",
  },
  WR7108: {
    title: "Signature of other content",
    advice: "Read the rules once more and sign the hash that window-central policy packs shows for this site",
  },
  WR7109: {
    title: "Region without local holidays",
    advice: "Give a region whose pack names local holidays; for the national days add the State Council's paper",
  },
} as const satisfies Record<string, ErrorEntry>;
