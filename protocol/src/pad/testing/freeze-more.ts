// Writes protocol/frozen/version-1-more once: conversations of version 1 that the first recordings lack. What is there is never written again.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exchangeToJson } from "./exchange-json.ts";
import { jsonText } from "./json-text.ts";
import { recordPairings } from "./recorded-pairings.ts";
import { recordRatings } from "./recorded-ratings.ts";
import { recordTransfers } from "./recorded-transfers.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "frozen", "version-1-more");
if (existsSync(folder)) {
  process.stderr.write(`${folder} is frozen: conversations that it lacks get a folder of their own\n`);
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  const recordings = { "pairings.json": recordPairings(), "transfers.json": recordTransfers(), "ratings.json": recordRatings() };
  for (const [name, exchanges] of Object.entries(recordings))
    writeFileSync(join(folder, name), jsonText({ exchanges: exchanges.map(exchangeToJson) }));
}
