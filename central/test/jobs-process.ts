import { parseArgs } from "node:util";
import { openPostgres } from "../src/database/open.ts";
import { createJobs } from "../src/jobs/jobs.ts";
import { openRuleBook } from "../src/policy/rule-book.ts";
import { contactKeysOf } from "../src/sms/contact-keys.ts";
import { httpGateway } from "../src/sms/http-gateway.ts";
import { phoneGatewayFile } from "../src/sms/simulated-phone.ts";

// The jobs of one instance in a process of its own, over and over at one moment of a clock that stands still, so that it can be killed in
// the middle of a run. Says "{}" when it has begun.
const { values } = parseArgs({
  options: { database: { type: "string" }, now: { type: "string" }, phone: { type: "string" }, keys: { type: "string" } },
});
const startedMs = Date.now();
/** Goes on by its own time: a claim of an instance that was killed must run out. */
const now = (): number => Number(values.now) + (Date.now() - startedMs) * 60;
const db = await openPostgres(values.database as string, now, () => {});
const keys = contactKeysOf(JSON.parse(values.keys as string));
const gateway = httpGateway(phoneGatewayFile(values.phone as string), {});
const jobs = createJobs({ db, book: openRuleBook(), now, sms: { gateway, keys }, batch: 50 });
process.stdout.write("{}\n");
for (;;) {
  await jobs.run();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
