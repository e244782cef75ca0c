import { type DestinationStream, type Logger, pino } from "pino";
import { LogFile } from "./log-file.ts";

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
  "pin",
  "newPin",
  "card",
  "words",
  "contact",
  "body",
];
const under = (place: string, field: string): string => (field.startsWith("[") ? `${place}${field}` : `${place}.${field}`);
const REDACTED_PATHS = HIDDEN.flatMap((field) => [field, under("*", field), under("*.*", field)]);

/** Tokens wherever they stand, for instance in the text of an error. */
const TOKENS = /wrdesk_[\w-]{20,}|(?<=Bearer )[\w~+/.=-]{16,}/g;

/** Bytes that may wait while nobody reads the log; more are thrown away, so that a stuck log never stops a window. */
const MOST_WAITING_BYTES = 4_000_000;

const onStderr = () => pino.destination({ dest: 2, sync: false, maxLength: MOST_WAITING_BYTES });

/** The log of a window-host that runs: on stderr, and in its data folder if the site wants that. */
export const createHostLogger = ({ level, file }: { readonly level: string; readonly file: boolean }, dataDir: string): Logger => {
  if (!file || level === "silent") return createLogger(level);
  const stderr = onStderr();
  const kept = new LogFile(dataDir);
  const both = {
    write: (line: string) => {
      stderr.write(line);
      kept.write(line);
    },
    flush: (done?: (error?: Error) => void) => stderr.flush(done),
  };
  return createLogger(level, both);
};

/** The log of this process, as lines of JSON; on stderr, since stdout is for answers. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      redact: { paths: REDACTED_PATHS, censor: "[hidden]" },
      hooks: { streamWrite: (line) => line.replace(TOKENS, "[hidden]") },
    },
    destination ?? onStderr(),
  );
