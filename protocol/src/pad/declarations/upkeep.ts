import { name8, text8, u8, u16, u32 } from "../fields.ts";
import { declare } from "./declaration.ts";

/** What people ask of a pad who look after it. */
export const UPKEEP_MESSAGES = {
  readLog: declare({
    id: 0x4e,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    needs: "log",
    doc: "Asks for the log; one logLines answers.",
    fields: { from: u32("First line wanted; the pad begins at the oldest it has if that is later") },
  }),
  logLines: declare({
    id: 0x2e,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    needs: "log",
    doc: "Lines of the pad's own log, oldest first; no personal data is ever in it.",
    fields: {
      from: u32("Number of the first line in text; lines are numbered from 1 and never anew in one store"),
      count: u8("Lines in text; 0 = there are no more", 0, 32),
      text: text8(200, "The lines, each ended by a line feed"),
    },
  }),
  selfTest: declare({
    id: 0x56,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    needs: "selfTest",
    doc: "Tries a part of the pad for a person who looks on; refused with notReady while a rating is shown. Keys pressed in a test are told in status and choose nothing.",
    fields: {
      part: name8("What", { lamps: 1, keys: 2, voice: 3, screen: 4, store: 5 }),
      durationMs: u16("How long, milliseconds; 0 ends a test", 0, 60_000),
    },
  }),
  selfTested: declare({
    id: 0x2f,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    needs: "selfTest",
    doc: "What the pad itself found; what only eyes and ears can tell is left to the person.",
    fields: {
      part: name8("What", { lamps: 1, keys: 2, voice: 3, screen: 4, store: 5 }),
      outcome: name8("How it went", { passed: 0, failed: 1, toBeSeen: 2 }),
      detail: text8(64, "In words, English"),
    },
  }),
} as const;
