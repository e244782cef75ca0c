import { parentPort, workerData } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import { openPostgres } from "../database/open.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { RatingPolicies } from "../ratings/site.ts";
import { inlineIntake } from "./intake.ts";
import type { ThreadReply, ThreadTask } from "./threaded-intake.ts";

/** One thread of intake: batches in, answers out, in any order. Its connections are its own. */
const port = parentPort;
if (port === null) throw new Error("this file runs as a thread of intake");

const policies = new RatingPolicies(openRuleBook());
let database: Promise<CentralDatabase> | undefined;
const underWay = new Set<Promise<void>>();

/** Opened with the first batch, and anew if that failed. */
const open = (): Promise<CentralDatabase> => {
  database ??= openPostgres(workerData as string, Date.now, () => {}).catch((error: unknown) => {
    database = undefined;
    // No fault of the batch: it is answered as failed, and sent again.
    throw new Error("intake has no database", { cause: error });
  });
  return database;
};

const reply = (message: ThreadReply): void => port.postMessage(message);

const work = async ({ id, ...batch }: Exclude<ThreadTask, "end">): Promise<void> => {
  try {
    reply({ id, answer: await inlineIntake(await open(), policies).take(batch) });
  } catch (error) {
    if (error instanceof WindowRatingError) reply({ id, refused: { code: error.code, detail: error.detail } });
    else reply({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
};

const end = async (): Promise<void> => {
  await Promise.all(underWay);
  await database?.then((db) => db.destroy()).catch(() => {});
  port.close();
};

port.on("message", (task: ThreadTask) => {
  if (task === "end") {
    void end();
    return;
  }
  const working = work(task).finally(() => underWay.delete(working));
  underWay.add(working);
});
