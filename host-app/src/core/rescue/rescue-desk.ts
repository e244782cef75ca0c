import { statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { adoptRescued, newestRescue } from "../care/adopt-rescued.ts";
import { backupsOf } from "../care/backups.ts";
import type { RescueState } from "../care/care-shape.ts";
import { careInThread } from "../care/care-thread.ts";
import { originalOf } from "../care/rescue.ts";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import { lockFolder } from "../store/folder-lock.ts";
import type { Transport } from "../sync/exchange.ts";
import { askCentralHighest, type CentralHighest, highestToReach } from "./central-highest.ts";

export interface RescueDeskOptions {
  readonly dataDir: string;
  /** Why the database could not be opened. */
  readonly damage: WindowRatingError;
  readonly identity: Pick<Identity, "publicKey" | "windowPcId" | "enrolment">;
  /** Where central is by the settings; null: none is set. */
  readonly centralUrl: string | null;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** The rescue of a damaged database, for IT staff at the console: the same as `window-host database rescue`, with the same guards. */
export class RescueDesk {
  readonly #options: RescueDeskOptions;
  readonly #damaged: string;
  #underWay: RescueState["underWay"] = null;
  #trouble: RescueState["trouble"] = null;
  #done: Promise<void> = Promise.resolve();

  constructor(options: RescueDeskOptions) {
    this.#options = options;
    this.#damaged = originalOf(options.dataDir).database;
  }

  state(): RescueState {
    const { dataDir, damage, identity } = this.#options;
    const path = join(dataDir, "window.db");
    return {
      path,
      found: damage.detail,
      sizeBytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
      backups: backupsOf(dataDir),
      asksCentral: identity.enrolment() !== null,
      underWay: this.#underWay,
      trouble: this.#trouble,
      rescue: newestRescue(dataDir),
    };
  }

  /** Settles when nothing is under way. */
  get idle(): Promise<void> {
    return this.#done;
  }

  /** @throws WR4005 the command rescues at this moment, WR4011 */
  begin(): void {
    this.#refuseIfBusy();
    const unlock = lockFolder(this.#options.dataDir);
    this.#underWay = { sinceMs: this.#options.clock.wallMs() };
    this.#trouble = null;
    this.#done = this.#rescue().finally(() => {
      this.#underWay = null;
      unlock();
    });
  }

  /** How far central has the entries of this PC. */
  central(): Promise<CentralHighest> {
    const { identity, centralUrl, transport, clock } = this.#options;
    return askCentralHighest({ identity, centralUrl, transport, wallMs: () => clock.wallMs() });
  }

  /**
   * @param centralHighest as a person has read it at central; null: nobody has looked
   * @throws WR4005, WR4009, WR4010, WR4011
   */
  async use(centralHighest: number | null): Promise<void> {
    this.#refuseIfBusy();
    const highest = highestToReach(await this.central(), centralHighest);
    this.#refuseIfBusy();
    adoptRescued(this.#options.dataDir, highest);
  }

  /** Whether another database is in the damaged one's place, by this console or by the command, and nobody is at work on it. */
  hasRecovered(): boolean {
    const { dataDir } = this.#options;
    if (this.#underWay !== null || originalOf(dataDir).database === this.#damaged) return false;
    try {
      lockFolder(dataDir)();
      return true;
    } catch {
      // Whoever puts it there is not done yet.
      return false;
    }
  }

  #refuseIfBusy(): void {
    if (this.#underWay !== null) throw new WindowRatingError("WR4011", "rescue");
  }

  async #rescue(): Promise<void> {
    const { dataDir, identity, clock } = this.#options;
    try {
      await careInThread({ do: "rescue", dataDir, publicKey: identity.publicKey, wallMs: clock.wallMs() });
    } catch (error) {
      const known = error instanceof WindowRatingError ? error : new WindowRatingError("WR4008", String(error), error);
      this.#trouble = known.toJSON();
    }
  }
}
