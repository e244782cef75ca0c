import { writeFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Text } from "../../calendar/schema.ts";
import type { QrKey } from "../../channels/qr-keys.ts";
import { qrPicture } from "../../channels/qr-picture.ts";
import type { Place } from "../../channels/static-codes.ts";
import { type Administration, openAdministration } from "../administration.ts";
import { QR_HELP, type QrCommand, readQrCommand } from "./arguments.ts";

/** What this command is given by its process. */
interface QrSurroundings {
  readonly databaseUrl: string | undefined;
  out(bytes: string | Uint8Array): void;
  err(text: string): void;
}

/**
 * Runs `window-central qr …`.
 * @param given what stands behind `qr`
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export const runQrCommand = async (given: readonly string[], { databaseUrl, out, err }: QrSurroundings): Promise<number> => {
  try {
    const command = readQrCommand(given, databaseUrl);
    if (command.name === "help") {
      out(QR_HELP);
      return 0;
    }
    const central = await openAdministration(command.storage, command.contactKeys);
    try {
      out(await run(command, central));
    } finally {
      await central.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

const run = async (command: Exclude<QrCommand, { name: "help" }>, central: Administration): Promise<string | Uint8Array> => {
  const shown = <T>(data: T, text: (data: T) => string): string => (command.json ? `${JSON.stringify(data)}\n` : text(data));
  switch (command.name) {
    case "keys":
      return shown(await central.qrKeys(), keysText);
    case "rotate":
      return shown({ keyNo: await central.rotateQrKey() }, ({ keyNo }) => `New codes are signed with key ${keyNo} from now on\n`);
    case "revoke":
      await central.revokeQrKey(command.keyNo);
      return shown({ revoked: command.keyNo }, ({ revoked }) => `No code of key ${revoked} is taken any more\n`);
    case "place":
      return place(command, central);
  }
};

const place = async (command: Extract<QrCommand, { name: "place" }>, central: Administration): Promise<string | Uint8Array> => {
  const { format, out, json } = command;
  const address = command.url ?? (await central.site()).publicUrl;
  if (address === null) throw new WindowRatingError("WR7045", "Neither --url nor the site says where citizens reach central");
  const url = `${address.replace(/\/+$/, "")}/W/${await central.codeOfPlace(command.place, command.renew)}`;
  const picture = await qrPicture(url, format, captionOf(command.place));
  if (out !== undefined) write(out, picture);
  if (json) return `${JSON.stringify({ ...command.place, url, format, out: out ?? null })}\n`;
  if (out !== undefined) return `${out}: ${url}\n`;
  return format === "terminal" ? `${Buffer.from(picture).toString()}${url}\n` : picture;
};

const write = (path: string, picture: Uint8Array): void => {
  try {
    writeFileSync(path, picture);
  } catch (error) {
    throw new WindowRatingError("WR8002", `--out ${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
};

const captionOf = ({ kind, subjectNo }: Place): Text =>
  kind === "window"
    ? { zh: `${subjectNo}号窗口 扫码评价`, en: `Window ${subjectNo}: scan to rate` }
    : { zh: "大厅服务 扫码评价", en: "This hall: scan to rate" };

const keysText = (keys: readonly QrKey[]): string => {
  if (keys.length === 0) return "No code of a case was made yet\n";
  const time = (ms: number): string => new Date(ms).toISOString();
  const state = ({ revokedAtMs }: QrKey, index: number): string =>
    revokedAtMs !== null
      ? `taken back ${time(revokedAtMs)}`
      : index === keys.length - 1
        ? "signs new codes"
        : "its codes are taken until they expire";
  return `${keys.map((key, index) => `key ${key.keyNo}  made ${time(key.madeAtMs)}  ${state(key, index)}`).join("\n")}\n`;
};
