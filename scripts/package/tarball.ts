import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/**
 * Packs a folder under its own name into a .tar.gz: sorted, owned by root, of one time, so that the same files make the same bytes.
 * Needs GNU tar.
 */
export const packTarball = async (folder: string, file: string, seconds: number): Promise<void> => {
  const order = ["--sort=name", "--format=gnu", `--mtime=@${seconds}`, "--owner=0", "--group=0", "--numeric-owner"];
  const tar = spawn("tar", [...order, "-C", path.dirname(folder), "-cf", "-", path.basename(folder)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(tar, "close");
  await pipeline(tar.stdout, createGzip({ level: 6 }), createWriteStream(file));
  const [code] = await closed;
  if (code !== 0) throw new Error(`tar ended with ${code}: GNU tar is needed`);
};
