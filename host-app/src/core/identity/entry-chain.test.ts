import { generateKeyPairSync, hash, sign } from "node:crypto";
import { CHAIN_START, type Entry, entryHashInput, entrySchema } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { publicKeyHex } from "./ed25519.ts";
import { type ChainLink, nextEntry, verifyChain } from "./entry-chain.ts";
import { windowPcIdOf } from "./identity.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const publicKey = publicKeyHex(privateKey);
const windowPcId = windowPcIdOf(publicKey);
const seal = (previous: ChainLink | null, body: string): Entry =>
  nextEntry({ windowPcId, previous, entryId: crypto.randomUUID(), body, sign: (bytes) => sign(null, bytes, privateKey) });

const chainOf = (bodies: readonly string[]): Entry[] => {
  const entries: Entry[] = [];
  for (const body of bodies) entries.push(seal(entries.at(-1) ?? null, body));
  return entries;
};

const chain = chainOf(Array.from({ length: 8 }, (_, index) => `{"kind":"rating","clerkName":"张三样例","level":${(index % 5) + 1}}`));

test("entries are numbered from 1, hang on each other, and fit the schema of the wire", () => {
  expect(chain.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(chain.map(({ previousHash }) => previousHash)).toEqual([CHAIN_START, ...chain.slice(0, -1).map((entry) => entry.hash)]);
  for (const entry of chain) {
    expect(entrySchema.parse(entry)).toEqual(entry);
    expect(entry.hash).toBe(hash("sha256", Buffer.from(entryHashInput(windowPcId, entry), "utf8"), "hex"));
  }
});

test("an intact chain, whole or from a known entry on, is found intact", () => {
  expect(verifyChain(chain, publicKey)).toEqual({ intact: true, entries: 8, last: { number: 8, hash: chain[7]?.hash } });
  expect(verifyChain(chain.slice(3), publicKey, chain[2])).toMatchObject({ intact: true, entries: 5 });
  expect(verifyChain([], publicKey)).toEqual({ intact: true, entries: 0, last: null });
});

const altered = (index: number, fields: Partial<Entry>): Entry[] =>
  chain.map((entry, at) => (at === index ? { ...entry, ...fields } : entry));
const digit = (text: string | undefined): string => (text ?? "").replace(/^./, (first) => (first === "0" ? "1" : "0"));

test.each<[string, () => Entry[], number, string]>([
  ["an altered level", () => altered(4, { body: (chain[4]?.body ?? "").replace('"level":5', '"level":1') }), 5, "hash"],
  ["an altered id", () => altered(4, { entryId: crypto.randomUUID() }), 5, "hash"],
  ["an altered hash", () => altered(4, { hash: digit(chain[4]?.hash) }), 5, "hash"],
  ["an altered signature", () => altered(4, { signature: digit(chain[4]?.signature) }), 5, "signature"],
  ["a signature that is none", () => altered(4, { signature: "" }), 5, "signature"],
  ["a missing entry", () => chain.filter((_, index) => index !== 4), 6, "number"],
  ["a missing first entry", () => chain.slice(1), 2, "number"],
  ["a doubled entry", () => [...chain.slice(0, 5), ...chain.slice(4)], 5, "number"],
  ["two entries in the wrong order", () => [0, 1, 3, 2, 4].flatMap((index) => chain[index] ?? []), 4, "number"],
  [
    "an entry of a second chain of the same key",
    () => [...chain.slice(0, 4), ...chainOf(chain.map(({ body }) => body)).slice(4)],
    5,
    "previous-hash",
  ],
  ["a rewritten tail with new hashes but no key", () => rewritten(), 5, "signature"],
])("%s is found, with its place", (_name, entries, number, at) => {
  expect(verifyChain(entries(), publicKey)).toMatchObject({ intact: false, number, at });
});

/** What someone can do who has the file but not the key. */
const rewritten = (): Entry[] => {
  const entries = chain.slice(0, 4);
  for (const { body, entryId, signature } of chain.slice(4)) {
    const forged = nextEntry({
      windowPcId,
      previous: entries.at(-1) ?? null,
      entryId,
      body: body.replace(/"level":\d/, '"level":5 '),
      sign: () => Buffer.from(signature, "hex"),
    });
    entries.push(forged);
  }
  return entries;
};

test("a chain of another window PC does not pass", () => {
  const other = publicKeyHex(generateKeyPairSync("ed25519").privateKey);
  expect(verifyChain(chain, other)).toMatchObject({ intact: false, number: 1, at: "hash" });
});

test("any text can be a body, and any one changed character of it is found", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", minLength: 2, maxLength: 40 }), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.nat(),
      (bodies, which, where) => {
        const entries = chainOf(bodies);
        expect(verifyChain(entries, publicKey)).toMatchObject({ intact: true, entries: bodies.length });
        const index = which % bodies.length;
        const entry = entries[index] as Entry;
        const at = where % entry.body.length;
        entries[index] = { ...entry, body: `${entry.body.slice(0, at)}#${entry.body.slice(at)}` };
        expect(verifyChain(entries, publicKey)).toMatchObject({ intact: false, number: index + 1, at: "hash" });
      },
    ),
    { seed: 8, numRuns: 50 },
  );
});
