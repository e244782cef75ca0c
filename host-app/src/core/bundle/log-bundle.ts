import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { arch, freemem, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { ExamineOptions } from "../commands/doctor/examine.ts";
import type { Finding } from "../commands/doctor/finding.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import { readIfPresent, replaceBytes } from "../config/durable-file.ts";
import { settingsInForce } from "../config/load-config.ts";
import { hostVersion } from "../host-version.ts";
import { redactedLogs } from "./log-lines.ts";
import { Redaction } from "./redaction.ts";
import { type ArchivedFile, tarArchive } from "./tar-archive.ts";

export interface BundleOptions {
  readonly dataDir: string;
  readonly env: ExamineOptions["env"];
  readonly wallMs: number;
  /** null: window-host does not run, or does not answer. */
  readonly status: () => Promise<HostStatus | null>;
  readonly examine: () => Promise<readonly Finding[]>;
  /** Where it is written; default: a new file in the folder `bundles` of the data folder. */
  readonly out?: string;
  /** How long one part may take, milliseconds; it is left out then, and said so. */
  readonly patienceMs?: number;
}

export interface LogBundle {
  readonly path: string;
  readonly bytes: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  /** What is not in it, and why. */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

export const BUNDLE_FOLDER = "bundles";
/** Bundles of the data folder that are kept; they are copies of what is there. */
const BUNDLES_KEPT = 5;
const LOG_BYTES = 6_000_000;
const PART_BYTES = 1_000_000;
const PATIENCE_MS = 10_000;

const README = `Log bundle of a window PC (Window Rating). 本机日志包。
Taken out: names, phone and id numbers, comments, levels of ratings, PINs, cards, tokens, keys. 已去除姓名、电话、证件号、意见、评价等级、密码、卡号、令牌和密钥。
Please look through it before you pass it on. 发送前请先查看内容。
`;

/**
 * Packs what helps to find out what is wrong with a window PC, redacted. Each part stands alone: what cannot be had, for instance because
 * the database does not open or window-host does not run, is named and left out.
 * @throws WR8006 if the file cannot be written
 */
export const makeBundle = async (options: BundleOptions): Promise<LogBundle> => {
  const { dataDir, wallMs, patienceMs = PATIENCE_MS } = options;
  const files: ArchivedFile[] = [];
  const missing: { name: string; why: string }[] = [];
  let redaction = new Redaction(namesInRoster(dataDir));
  const part = async (name: string, make: () => unknown): Promise<void> => {
    try {
      const made = await within(patienceMs, async () => make());
      const text = typeof made === "string" ? made : `${JSON.stringify(made, null, 2)}\n`;
      files.push({ name, content: new TextEncoder().encode(text.slice(0, PART_BYTES)) });
    } catch (error) {
      missing.push({ name, why: redaction.prose(error instanceof Error ? error.message : String(error)) });
    }
  };

  await part("README.txt", () => README);
  await part("database.json", async () => {
    const { summariseDatabase } = await import("./database-summary.ts");
    const { summary, names } = summariseDatabase(dataDir);
    redaction = new Redaction([...namesInRoster(dataDir), ...names]);
    return { ...summary, failure: summary.failure === null ? null : redaction.value(summary.failure) };
  });
  await part("versions.json", () => versions(wallMs));
  await part("settings.json", () => settings(options, redaction));
  await part("files.json", () => fileList(dataDir, redaction));
  await part("status.json", async () => {
    const status = await options.status();
    if (status === null) throw new Error("window-host does not run, or does not answer");
    return redaction.deep(status);
  });
  await part("doctor.json", async () =>
    redaction.deep((await options.examine()).map(({ level, facts: _, ...finding }) => ({ tone: level, ...finding }))),
  );
  try {
    const until = performance.now() + patienceMs;
    const logs = await redactedLogs(dataDir, redaction, LOG_BYTES, () => performance.now() > until);
    for (const { name, text } of logs) files.push({ name: `logs/${name}`, content: new TextEncoder().encode(text) });
    if (logs.length === 0) missing.push({ name: "logs", why: "there is no log in the data folder; see the setting log.file" });
  } catch (error) {
    missing.push({ name: "logs", why: redaction.prose((error as Error).message) });
  }
  const parts = files.map(({ name, content }) => ({ name, bytes: content.length }));
  files.push({
    name: "manifest.json",
    content: new TextEncoder().encode(`${JSON.stringify({ madeAtMs: wallMs, parts, missing }, null, 2)}\n`),
  });

  const packed = await promisify(gzip)(tarArchive(files, Math.floor(wallMs / 1000)));
  const path = options.out ?? join(dataDir, BUNDLE_FOLDER, `window-rating-${stamp(wallMs)}.tar.gz`);
  keep(path, packed);
  if (options.out === undefined) dropOldBundles(dirname(path));
  return { path, bytes: packed.length, parts, missing };
};

const within = async <Made>(ms: number, make: () => Promise<Made>): Promise<Made> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`was not done within ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([make(), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Local time, as a file name can have it: 20261121-141305. */
export const stamp = (wallMs: number): string =>
  new Date(wallMs).toLocaleString("sv-SE").replaceAll("-", "").replaceAll(":", "").replace(" ", "-");

const keep = (path: string, packed: Uint8Array): void => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceBytes(path, packed);
  } catch (error) {
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${(error as Error).message}`, error);
  }
};

const dropOldBundles = (folder: string): void => {
  const bundles = readdirSync(folder)
    .filter((name) => /^window-rating-[\d-]+\.tar\.gz$/.test(name))
    .sort();
  for (const name of bundles.slice(0, -BUNDLES_KEPT)) rmSync(join(folder, name), { force: true });
};

const versions = (wallMs: number): object => ({
  madeAtMs: wallMs,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  windowHost: hostVersion(),
  node: process.versions.node,
  electron: process.versions.electron ?? null,
  system: `${platform()} ${release()} ${arch()}`,
  memoryMB: { free: Math.round(freemem() / 1e6), all: Math.round(totalmem() / 1e6) },
});

const settings = ({ dataDir, env }: BundleOptions, redaction: Redaction): unknown =>
  settingsInForce({ dataDir, env, flags: {} }).map(({ setting: { key }, value, from }) => ({
    key,
    from,
    value: key === "contactKey" && value !== null ? "[hidden]" : redaction.deep(value),
  }));

/** The data folder's files by name, size and time; nothing of what is in them. */
const fileList = (dataDir: string, redaction: Redaction): unknown =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .slice(0, 1000)
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: null, mtimeMs: null };
      return { path: redaction.value(path.slice(dataDir.length + 1)), size, changedAtMs: mtimeMs === null ? null : Math.round(mtimeMs) };
    });

/** Whatever is called a name in roster.json, whatever else is wrong with the file. */
const namesInRoster = (dataDir: string): string[] => {
  try {
    const text = readIfPresent(join(dataDir, "roster.json")) ?? "";
    return [...text.matchAll(/"(?:name|clerkName)"\s*:\s*("(?:[^"\\]|\\.)*")/g)].map(([, name]) => JSON.parse(name ?? '""') as string);
  } catch {
    return [];
  }
};
