import { parseArgs } from "node:util";
import { KeyRing } from "../src/access/keys/key-ring.ts";
import { resealFields } from "../src/access/keys/reseal.ts";
import { openPostgres } from "../src/database/open.ts";

// Seals anew in a process of its own, so that it can be killed in the middle. Says "{}" when it has begun, and ends when nothing is left.
const { values } = parseArgs({ options: { database: { type: "string" }, keys: { type: "string" }, now: { type: "string" } } });
const now = Number(values.now);
const db = await openPostgres(
  values.database as string,
  () => now,
  () => {},
);
const ring = new KeyRing(values.keys as string);
await ring.refresh(db, now, { holds: false });
process.stdout.write("{}\n");
while ((await resealFields(db, ring, "test", now, { batch: 5, most: 50 })).more);
await db.destroy();
