import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Entry } from "@window-rating/protocol/sync";
import { type CheckedEntry, foreignEntry } from "./checked-entry.ts";

/** The key with which a window PC signs, from its 32 bytes in hexadecimal. */
export const signingKey = (publicKey: string): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey, "hex").toString("base64url") }, format: "jwk" });

/** Whether one entry's own signature covers its hash. On Node's thread pool. */
export const isSigned = ({ hash, signature }: Entry, key: KeyObject): Promise<boolean> =>
  new Promise((resolve, reject) =>
    verify(null, Buffer.from(hash, "hex"), key, Buffer.from(signature, "hex"), (error, valid) => (error ? reject(error) : resolve(valid))),
  );

/**
 * Checks who made the entries of a batch. An entry's hash covers the hash before it, so whoever signed an entry vouches for every
 * entry that it follows: of a run of entries that hang on each other only the last signature is checked, which is 55 µs for the run
 * instead of for each. If that one is wrong, every entry of the batch that is not proven by another is checked by itself.
 * @returns the entries as given, and those that nobody proves as foreign (WR7005)
 */
export const proveEntries = async (checked: readonly CheckedEntry[], key: KeyObject): Promise<CheckedEntry[]> => {
  const entries = checked.flatMap((one) => (one.authentic ? [one.entry] : []));
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]));
  const followed = new Set(
    entries.flatMap(({ number, previousHash }) => (byHash.get(previousHash)?.number === number - 1 ? [previousHash] : [])),
  );
  const proven = new Set<string>();
  const prove = (hash: string): void => {
    for (let entry = byHash.get(hash); entry !== undefined && !proven.has(entry.hash); ) {
      proven.add(entry.hash);
      const before = byHash.get(entry.previousHash);
      entry = before?.number === entry.number - 1 ? before : undefined;
    }
  };
  const check = async (some: readonly Entry[]): Promise<void> => {
    const valid = await Promise.all(some.map((entry) => isSigned(entry, key)));
    for (const [index, entry] of some.entries()) if (valid[index] === true) prove(entry.hash);
  };
  await check(entries.filter(({ hash }) => !followed.has(hash)));
  const left = entries.filter(({ hash }) => !proven.has(hash));
  if (left.length > 0) await check(left);
  return checked.map((one) =>
    one.authentic && !proven.has(one.entry.hash) ? foreignEntry(one.entry, "WR7005", "The signature is not that of this window PC") : one,
  );
};
