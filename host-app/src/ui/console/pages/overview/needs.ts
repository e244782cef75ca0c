import type { AnswerOf } from "../../../../messages/requests.ts";
import type { Tone } from "../../../strip/line.ts";
import type { PageName } from "../../words/frame.ts";
import type { WordKey } from "../../words/use-words.ts";

type Health = AnswerOf<"status.read">;

/** Something that a person should do, and the page that helps. */
export interface Need {
  readonly tone: Exclude<Tone, "good">;
  readonly text: WordKey;
  readonly values?: Readonly<Record<string, string | number>>;
  /** With its WR code, as the core says it. */
  readonly cause?: string;
  readonly page: PageName;
}

const OLD_QUEUE_MS = 3_600_000;
const OLD_BACKUP_MS = 86_400_000;
const LITTLE_SPACE = 1_000_000_000;
const WRONG_CLOCK_MS = 60_000;

/** What needs a hand, the worst first. Sizes and ages come as numbers (`bytes`, `ms`) for the page to word. */
export const needsOf = ({ windows, queue, identity, database, clock, centralUrl, newestBackupMs }: Health): Need[] => {
  const needs: Need[] = [];
  for (const { windowNo, pad } of windows) {
    if (pad.connection === "ready") continue;
    const isLost = pad.connection !== "connecting";
    const cause = pad.cause === undefined ? {} : { cause: pad.cause };
    const text = isLost ? "overview.needPad" : "overview.needPadSoon";
    needs.push({ tone: isLost ? "stop" : "look", text, values: { windowNo }, ...cause, page: "pads" });
  }
  const { freeBytes } = database;
  if (freeBytes !== null && freeBytes < LITTLE_SPACE)
    needs.push({
      tone: freeBytes < LITTLE_SPACE / 10 ? "stop" : "look",
      text: "overview.needDisk",
      values: { bytes: freeBytes },
      page: "database",
    });
  if (centralUrl === null) needs.push({ tone: "look", text: "overview.needCentral", page: "queue" });
  else if (!identity.enrolled) needs.push({ tone: "look", text: "overview.needEnrol", page: "queue" });
  else if (queue.cause !== undefined || (queue.oldestMs !== null && clock.wallMs - queue.oldestMs > OLD_QUEUE_MS)) {
    const cause = queue.cause === undefined ? {} : { cause: queue.cause };
    needs.push({ tone: "look", text: "overview.needQueue", values: { count: queue.waiting }, ...cause, page: "queue" });
  }
  if (queue.setAside > 0) needs.push({ tone: "look", text: "overview.needAside", values: { count: queue.setAside }, page: "queue" });
  if (newestBackupMs === null) needs.push({ tone: "look", text: "overview.needBackup", page: "database" });
  else if (clock.wallMs - newestBackupMs > OLD_BACKUP_MS) needs.push({ tone: "look", text: "overview.needOldBackup", page: "database" });
  const { offsetMs } = clock;
  if (offsetMs !== null && Math.abs(offsetMs) > WRONG_CLOCK_MS)
    needs.push({ tone: "look", text: "overview.needClock", values: { ms: Math.abs(offsetMs) }, page: "queue" });
  return needs.sort((one, other) => Number(one.tone === "look") - Number(other.tone === "look"));
};
