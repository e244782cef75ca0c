// Writes 70-window-rating.rules from the device profiles; with --check it only says whether it is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadProfiles } from "@window-rating/device-profiles";
import { rulesFor } from "./rules.ts";

const FILE = join(import.meta.dirname, "70-window-rating.rules");

const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
const wanted = rulesFor(loadProfiles());
if (!check) writeFileSync(FILE, wanted);
else if (readFileSync(FILE, "utf8") !== wanted) {
  console.error("scripts/udev/70-window-rating.rules does not fit the device profiles: run node scripts/udev/write-rules.ts");
  process.exitCode = 1;
}
