import { statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { adoptRescued } from "../care/adopt-rescued.ts";
import { backupNamed, backupsFolder, backupsOf, dropQuarantined, noteVerified, quarantineBackup } from "../care/backups.ts";
import type { Comparison, DatabaseCheck, RescueReport } from "../care/care-shape.ts";
import { checkDatabase, openToRead } from "../care/check.ts";
import { compareWithLive, missingEntries } from "../care/compare.ts";
import { exportEntries } from "../care/export-entries.ts";
import { rescueDatabase } from "../care/rescue.ts";
import { takeBack } from "../care/take-back.ts";
import { fileTrouble } from "../config/file-trouble.ts";
import { loadConfig } from "../config/index.ts";
import { type Identity, openIdentity } from "../identity/identity.ts";
import { askCentralHighest, highestToReach } from "../rescue/central-highest.ts";
import { backUp } from "../store/backup.ts";
import { Ballast } from "../store/ballast.ts";
import { openDatabase } from "../store/database.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { Store } from "../store/store.ts";
import { httpTransport } from "../sync/http-transport.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { dateTime, duration, size } from "./quantities.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host database check --data <dir>
       window-host database backup --data <dir>
       window-host database list --data <dir>
       window-host database quarantine [--backup <name>] [--take-back | --export] --data <dir>
       window-host database rescue [--use [--central-highest <n>]] --data <dir>

Looks after the database of a window PC. Nothing here deletes or overwrites data. docs/database.md tells more.

  check       read all of it: pages, references, every hash and signature of the chain; also while window-host runs
  backup      make a backup now and read it whole; also while window-host runs
  list        the backups, newest first
  quarantine  copy a backup aside, read it whole, and hold it against the database in use; nothing is put back
  rescue      make a sound database of what is left of a damaged one and of the backups, in the folder quarantine

  --backup <name>  which backup, as list names it; by default the newest
  --take-back      put what the database in use lacks back to its place and into the queue for central; window-host must be stopped
                   (while it runs, its console does the same)
  --export         write what it lacks into a signed file beside the copy
  --use            start from the rescued database from now on; the damaged one is kept beside it. window-host must be stopped, or be
                   in its rescue state. A PC that is enrolled asks central first how far it is
  --central-highest <n>  where central cannot be asked: the highest number of this PC that it has, as somebody has read it there
  --data <dir>     the data folder; or set WINDOW_RATING_DATA
  --json           print JSON

Exit codes: 0 sound or done, 1 failed or something is wrong, 2 bad usage.

Examples:
  window-host database check --data /var/lib/window-rating/window
  window-host database quarantine --backup window-20260302T010000Z.db --data /var/lib/window-rating/window
  window-host database rescue --data /var/lib/window-rating/window
  window-host database rescue --use --data /var/lib/window-rating/window`;

const FLAGS = {
  ...COMMON_FLAGS,
  backup: { type: "string", default: "newest" },
  "take-back": { type: "boolean", default: false },
  export: { type: "boolean", default: false },
  use: { type: "boolean", default: false },
  "central-highest": { type: "string" },
} as const;

/** What a verb found: whether all is well, for machines and for people. */
interface Outcome {
  readonly isWell: boolean;
  readonly data: object;
  readonly text: string;
}

interface Asked {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: ReturnType<typeof readFlags<typeof FLAGS>>;
}

const nowMs = (): number => performance.now();

export const databaseCommand: Command = async ([verb = "", ...args], { env, print }) => {
  const flags = readFlags(verb.startsWith("-") ? [verb, ...args] : args, FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const work = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (work === undefined)
    throw new WindowRatingError("WR8002", `window-host database has ${Object.keys(VERBS).join(", ")}; not "${verb.slice(0, 40)}"`);
  const dataDir = dataDirOf(flags.data, env);
  const { isWell, data, text } = await work({ dataDir, env, flags });
  print(flags.json ? JSON.stringify(data, null, 2) : text);
  return isWell ? 0 : 1;
};

const livePath = (dataDir: string): string => join(dataDir, "window.db");

/** Never made anew here: without the key nothing of the chain can be proved. @throws WR4009, WR6006, WR8006 */
const identityOf = (dataDir: string): Identity => {
  try {
    statSync(livePath(dataDir));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw new WindowRatingError("WR4009", livePath(dataDir), cause);
    throw new WindowRatingError("WR8006", `${livePath(dataDir)} cannot be read: ${fileTrouble(cause)}`, cause);
  }
  return openIdentity(dataDir, true);
};

const check = ({ dataDir }: Asked): Outcome => {
  const { publicKey } = identityOf(dataDir);
  const found = checkDatabase(livePath(dataDir), publicKey, nowMs);
  return { isWell: found.ok, data: found, text: `${livePath(dataDir)}\n${checkText(found)}` };
};

const backup = async ({ dataDir, env }: Asked): Promise<Outcome> => {
  const { publicKey } = identityOf(dataDir);
  const { keep } = loadConfig({ dataDir, env, flags: {} }).backup;
  const live = openToRead(livePath(dataDir));
  const path = await backUp(live, backupsFolder(dataDir), keep, Date.now()).finally(() => live.close());
  const made = backupNamed(dataDir, "newest");
  const copy = await quarantineBackup(dataDir, made);
  const found = checkDatabase(copy, publicKey, nowMs);
  if (found.ok) dropQuarantined(copy);
  noteVerified(dataDir, made.name, { atMs: Date.now(), ok: found.ok });
  return { isWell: found.ok, data: { path, check: found }, text: `${path}\n${checkText(found)}` };
};

const list = ({ dataDir }: Asked): Outcome => {
  const backups = backupsOf(dataDir);
  const rows = backups.map(({ name, atMs, sizeBytes, verified }) => [
    name,
    `${duration(Date.now() - atMs)} ago`,
    size(sizeBytes),
    verified === null ? "not verified" : `${verified.ok ? "sound" : "something is wrong"}, read ${dateTime(verified.atMs)}`,
  ]);
  return { isWell: true, data: { backups }, text: rows.length === 0 ? "There is no backup yet." : table(rows) };
};

const quarantine = async ({ dataDir, flags }: Asked): Promise<Outcome> => {
  const identity = identityOf(dataDir);
  const backup = backupNamed(dataDir, flags.backup);
  const path = await quarantineBackup(dataDir, backup);
  const found = compareWithLive(path, livePath(dataDir), identity.publicKey, nowMs);
  noteVerified(dataDir, backup.name, { atMs: Date.now(), ok: found.check.ok });
  const lines = [`${backup.name}, copied to ${path}`, comparisonText(found)];
  const done: { exported?: string; takenBack?: number[] } = {};
  if (flags.export) {
    done.exported = join(path, "..", "missing-entries.json");
    exportEntries(
      done.exported,
      missingOf(dataDir, path, identity).map(({ entry }) => entry),
      identity,
      Date.now(),
    );
    lines.push(`Exported: ${done.exported}`);
  }
  if (flags["take-back"]) {
    done.takenBack = await takeBackStopped(dataDir, path, identity);
    lines.push(`Taken back and queued for central: ${done.takenBack.length}`);
  }
  return { isWell: found.check.ok, data: { backup: backup.name, path, ...found, ...done }, text: lines.join("\n") };
};

const missingOf = (dataDir: string, path: string, { publicKey }: Identity) => {
  const quarantined = openToRead(path);
  const live = openToRead(livePath(dataDir));
  try {
    return [...missingEntries(quarantined, live, publicKey)];
  } finally {
    quarantined.close();
    live.close();
  }
};

/** @throws WR4005 a window-host runs: its console takes back */
const takeBackStopped = async (dataDir: string, path: string, identity: Identity): Promise<number[]> => {
  const unlock = lockFolder(dataDir);
  try {
    const fitting = missingOf(dataDir, path, identity).flatMap(({ entry, fits }) => (fits ? [entry] : []));
    const database = openDatabase(livePath(dataDir));
    try {
      return await takeBack(new Store(database, new Ballast(join(dataDir, "ballast"), 0)), fitting);
    } finally {
      database.close();
    }
  } finally {
    unlock();
  }
};

const startFromRescued = async ({ dataDir, env, flags }: Asked): Promise<Outcome> => {
  const typed = flags["central-highest"];
  if (typed !== undefined && !/^\d{1,15}$/.test(typed))
    throw new WindowRatingError("WR8002", "--central-highest needs a whole number, 0 or more");
  const transport = httpTransport();
  try {
    const centralUrl = loadConfig({ dataDir, env, flags: {} }).central;
    const central = await askCentralHighest({ identity: identityOf(dataDir), centralUrl, transport, wallMs: Date.now });
    const { report, damaged } = adoptRescued(dataDir, highestToReach(central, typed === undefined ? null : Number(typed)));
    const text = `${report.entries} entries are in use from the next start on; the damaged database is kept in ${damaged}`;
    return { isWell: true, data: { report, damaged }, text };
  } finally {
    transport.close();
  }
};

const rescue = (asked: Asked): Outcome | Promise<Outcome> => {
  const { dataDir, flags } = asked;
  if (flags.use) return startFromRescued(asked);
  const { publicKey } = identityOf(dataDir);
  const unlock = lockFolder(dataDir);
  try {
    const report = rescueDatabase({ dataDir, publicKey, wallMs: Date.now(), nowMs });
    return { isWell: report.check.faults.length === 0 && report.highestSeen <= report.highest, data: report, text: rescueText(report) };
  } finally {
    unlock();
  }
};

const VERBS: Readonly<Record<string, (asked: Asked) => Outcome | Promise<Outcome>>> = { check, backup, list, quarantine, rescue };

const checkText = ({ ok, faults, foreignKeys, chain, counts, tookMs }: DatabaseCheck): string =>
  table([
    ["  result", ok ? "sound" : "something is wrong (WR4001); delete nothing"],
    ["  file", faults.length === 0 ? "nothing was found" : faults.join("; ")],
    ["  references", foreignKeys === 0 ? "whole" : `${foreignKeys} rows name what is not there`],
    [
      "  chain",
      chain.brokenAt === null
        ? `${chain.entries} entries follow each other, signed by this PC`
        : `wrong from number ${chain.brokenAt} on: ${chain.detail}`,
    ],
    ["  rows", `${counts.entries} entries, ${counts.ratings} ratings, ${counts.waiting} wait for central, ${counts.setAside} set aside`],
    ["  took", duration(tookMs)],
  ]);

const comparisonText = ({ check: found, inBoth, onlyLive, missing, altered }: Comparison): string =>
  [
    checkText(found),
    `  In both: ${inBoth}; only in the database in use: ${onlyLive}`,
    missing.fitting + missing.notFitting === 0
      ? "  The database in use lacks nothing of it."
      : `  The database in use lacks ${missing.fitting + missing.notFitting} (${missing.numbers.join(", ")}): ${missing.fitting} can be taken back, ${missing.notFitting} only exported`,
    ...(altered === 0 ? [] : [`  Altered, cannot be trusted: ${altered}`]),
  ].join("\n");

const rescueText = ({ path, entries, highest, gaps, highestSeen, altered, from, check: found }: RescueReport): string =>
  [
    `${entries} entries rescued, up to number ${highest}: ${from.bytes} from the bytes of the file, ${from.reading} read by SQLite, ${from.backups} from backups`,
    `Missing: ${gaps.length === 0 ? "none" : gaps.map(({ first, last }) => (first === last ? first : `${first}–${last}`)).join(", ")}`,
    ...(altered === 0 ? [] : [`Altered and left out: ${altered}, see doubtful.json beside it`]),
    path,
    ...found.faults,
    highestSeen > highest
      ? `Numbers up to ${highestSeen} were given, so this file cannot be used (WR4010): a newer backup may have what is missing`
      : "To start from it: window-host database rescue --use",
  ].join("\n");
