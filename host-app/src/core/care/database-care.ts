import { basename, dirname, join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { BackupJob } from "../backup-job.ts";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import type { Store } from "../store/store.ts";
import { adoptedRescue } from "./adopt-rescued.ts";
import { backupNamed, backupsOf, dropQuarantined, noteVerified, quarantineBackup } from "./backups.ts";
import type { CareState, Comparison, DatabaseCheck } from "./care-shape.ts";
import { careInThread } from "./care-thread.ts";
import type { MissingEntry } from "./compare.ts";
import { exportEntries } from "./export-entries.ts";
import { takeBack } from "./take-back.ts";

export interface DatabaseCareOptions {
  readonly dataDir: string;
  readonly store: Store;
  readonly identity: Pick<Identity, "windowPcId" | "publicKey" | "sign">;
  readonly backups: Pick<BackupJob, "runNow">;
  readonly everyMinutes: number;
  readonly clock: Clock;
}

type Work = NonNullable<CareState["underWay"]>["what"];

/**
 * Checks, backups and comparisons of the database of a window PC at work, one at a time. What is begun goes on when the screen is closed;
 * how it went is told to whoever asks.
 */
export class DatabaseCare {
  readonly #options: DatabaseCareOptions;
  #underWay: CareState["underWay"] = null;
  #trouble: CareState["trouble"] = null;
  #lastCheck: { atMs: number; found: DatabaseCheck } | null = null;
  #comparison: { name: string; atMs: number; found: Comparison; path: string } | null = null;
  #takenBack: CareState["takenBack"] = null;
  #exported: CareState["exported"] = null;
  #done: Promise<void> = Promise.resolve();

  constructor(options: DatabaseCareOptions) {
    this.#options = options;
  }

  state(): CareState {
    return {
      underWay: this.#underWay,
      trouble: this.#trouble,
      lastCheck: this.#lastCheck,
      comparison: this.#comparison,
      takenBack: this.#takenBack,
      exported: this.#exported,
      backups: backupsOf(this.#options.dataDir),
      everyMinutes: this.#options.everyMinutes,
      rescued: adoptedRescue(this.#options.dataDir),
    };
  }

  /** Settles when nothing is under way. */
  get idle(): Promise<void> {
    return this.#done;
  }

  /** @throws WR4011 */
  check(): void {
    const { store, identity, clock } = this.#options;
    this.#begin("check", async () => {
      const found = await careInThread({ do: "check", path: store.database.name, publicKey: identity.publicKey });
      this.#lastCheck = { atMs: clock.wallMs(), found };
    });
  }

  /** Makes a backup and reads a copy of it whole; the copy goes when it is good. @throws WR4011 */
  backUp(): void {
    const { dataDir, backups, identity, clock } = this.#options;
    this.#begin("back-up", async () => {
      const backup = backupNamed(dataDir, basename(await backups.runNow()));
      const path = await quarantineBackup(dataDir, backup);
      const found = await careInThread({ do: "check", path, publicKey: identity.publicKey });
      noteVerified(dataDir, backup.name, { atMs: clock.wallMs(), ok: found.ok });
      // A bad one stays to be looked at; a good one would only fill the disk.
      if (found.ok && this.#comparison?.path !== path) dropQuarantined(path);
    });
  }

  /** Copies a backup into quarantine, reads it whole and holds it against the file in use. @throws WR4009, WR4011 */
  compare(name: string): void {
    const { dataDir, store, identity, clock } = this.#options;
    const backup = backupNamed(dataDir, name);
    this.#begin("compare", async () => {
      const path = await quarantineBackup(dataDir, backup);
      const found = await careInThread({ do: "compare", path, livePath: store.database.name, publicKey: identity.publicKey });
      const atMs = clock.wallMs();
      this.#comparison = { name: backup.name, path, atMs, found };
      this.#takenBack = null;
      this.#exported = null;
      noteVerified(dataDir, backup.name, { atMs, ok: found.check.ok });
    });
  }

  /** Takes back what the file in use lacks of the backup that was compared last. @throws WR4009, WR4011 */
  takeBack(): void {
    const { name, path } = this.#compared();
    this.#begin("take-back", async () => {
      const missing = await this.#missingOf(path);
      const fitting = missing.flatMap(({ entry, fits }) => (fits ? [entry] : []));
      this.#takenBack = { name, numbers: (await takeBack(this.#options.store, fitting)).length };
    });
  }

  /** Writes what the file in use lacks of the backup that was compared last into a signed file beside it. @throws WR4009, WR4011 */
  export(): void {
    const { identity, clock } = this.#options;
    const compared = this.#compared();
    this.#begin("export", async () => {
      const entries = (await this.#missingOf(compared.path)).map(({ entry }) => entry);
      const path = join(dirname(compared.path), "missing-entries.json");
      exportEntries(path, entries, identity, clock.wallMs());
      this.#exported = { path, entries: entries.length };
    });
  }

  #missingOf(path: string): Promise<MissingEntry[]> {
    const { store, identity } = this.#options;
    return careInThread({ do: "missing", path, livePath: store.database.name, publicKey: identity.publicKey });
  }

  #compared(): { readonly name: string; readonly path: string } {
    if (this.#comparison === null) throw new WindowRatingError("WR4009", "no backup was compared yet");
    return this.#comparison;
  }

  #refuseIfBusy(): void {
    if (this.#underWay !== null) throw new WindowRatingError("WR4011", this.#underWay.what);
  }

  #begin(what: Work, work: () => Promise<void>): void {
    this.#refuseIfBusy();
    this.#underWay = { what, sinceMs: this.#options.clock.wallMs() };
    this.#trouble = null;
    this.#done = this.#run(work);
  }

  async #run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const known = error instanceof WindowRatingError ? error : new WindowRatingError("WR4008", String(error), error);
      this.#trouble = known.toJSON();
    } finally {
      this.#underWay = null;
    }
  }
}
