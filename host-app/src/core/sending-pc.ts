import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Entry, NotRatedBody, RatingBody } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import { enrol } from "./identity/enrol.ts";
import { nextEntry } from "./identity/entry-chain.ts";
import { openIdentity } from "./identity/identity.ts";
import { Ballast } from "./store/ballast.ts";
import { openDatabase } from "./store/database.ts";
import { EntryBook } from "./store/entry-book.ts";
import { sqliteOutbox } from "./store/sqlite-outbox.ts";
import { Store } from "./store/store.ts";
import { httpTransport } from "./sync/http-transport.ts";
import { networkFingerprint } from "./sync/network.ts";
import { createSender } from "./sync/sender.ts";

export interface SendingPcOptions {
  readonly dataDir: string;
  readonly windowNo: string;
  readonly centralUrl: string;
  /** One-time code of central. */
  readonly enrolCode: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A window PC without windows. */
export interface SendingPc {
  readonly windowPcId: string;
  /** 32 bytes, hexadecimal. */
  readonly publicKey: string;
  /** Appends entries in one commit; they are on disk when it returns, and on their way. */
  write(bodies: readonly (RatingBody | NotRatedBody)[]): void;
  /** Entries that central has not confirmed. */
  waiting(): number;
  /** Entries that central refused. */
  setAside(): number;
  /** Everything that was ever written, by number. */
  entries(): Entry[];
  close(): Promise<void>;
}

/**
 * Identity, database, outbox and sender as `startHost` puts them together, without pads and desk: what central sees of a window PC,
 * small enough for hundreds of them in one process.
 * @throws WR4xxx, WR6xxx
 */
export const openSendingPc = async ({ dataDir, windowNo, centralUrl, enrolCode, clock, logger }: SendingPcOptions): Promise<SendingPc> => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const identity = openIdentity(dataDir);
  const transport = httpTransport();
  await enrol(identity, { centralUrl, code: enrolCode, windowNo, transport, wallMs: clock.wallMs() });
  const database = openDatabase(join(dataDir, "window.db"));
  const store = new Store(database, new Ballast(join(dataDir, "ballast"), 0));
  const { windowPcId, publicKey, sign } = identity;
  const book = new EntryBook(store, (previous, body) => nextEntry({ windowPcId, previous, entryId: randomUUID(), body, sign }));
  const outbox = sqliteOutbox(store);
  const sender = createSender({
    ...{ outbox, identity, centralUrl, clock, transport, networkFingerprint, logger },
    random: Math.random,
    timers: globalThis,
  });
  sender.start();
  return {
    windowPcId,
    publicKey,
    write(bodies) {
      store.write(() => {
        for (const body of bodies) book.append(body.kind, body.binding.requestId, JSON.stringify(body), clock.wallMs());
      });
    },
    waiting: () => outbox.counts().waiting,
    setAside: () => outbox.counts().setAside,
    entries: () =>
      database
        .prepare<[], Entry>(
          "SELECT entry_id AS entryId, number, previous_hash AS previousHash, hash, signature, body FROM entries ORDER BY number",
        )
        .all(),
    async close() {
      await sender.stop();
      database.close();
    },
  };
};
