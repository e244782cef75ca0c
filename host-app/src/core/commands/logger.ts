import { type DestinationStream, type Logger, pino } from "pino";

/** Fields that hold secrets, or tell who a person is (I9); taken out at every depth that our log lines have. */
const HIDDEN = [
  "token",
  "controlToken",
  "enrolCode",
  "authorization",
  "Authorization",
  "cookie",
  '["sec-websocket-protocol"]',
  "privateKey",
  "clerk",
  "clerkName",
  "citizen",
  "citizenName",
  "phone",
  "idNo",
  "rater",
  "body",
];
const under = (place: string, field: string): string => (field.startsWith("[") ? `${place}${field}` : `${place}.${field}`);
const REDACTED_PATHS = HIDDEN.flatMap((field) => [field, under("*", field), under("*.*", field)]);

/** Tokens wherever they stand, for instance in the text of an error. */
const TOKENS = /wrdesk_[\w-]{20,}|(?<=Bearer )[\w~+/.=-]{16,}/g;

/** Bytes that may wait while nobody reads the log; more are thrown away, so that a stuck log never stops a window. */
const MOST_WAITING_BYTES = 4_000_000;

/** The log of this process, as lines of JSON; on stderr, since stdout is for answers. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      redact: { paths: REDACTED_PATHS, censor: "[hidden]" },
      hooks: { streamWrite: (line) => line.replace(TOKENS, "[hidden]") },
    },
    destination ?? pino.destination({ dest: 2, sync: false, maxLength: MOST_WAITING_BYTES }),
  );
