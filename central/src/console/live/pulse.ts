import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";

/** Windows at which something happened since the last look; null: at too many to name. */
export type Changed = readonly string[] | null;
type Listener = (changed: Changed) => void;

/** How often the database is asked while somebody listens: what another instance took shows within this time. */
const LOOK_MS = 1000;
/** Ratings of other ways than window PCs that one look names; if there are more, everything may have changed. */
const NAMED = 200;

interface Beat {
  readonly window_pc_id: string;
  readonly window_no: string;
  /** Everything that intake counts, and when the PC last told something new. */
  readonly count: number;
  readonly served: readonly string[];
}

/**
 * Says which windows to look at anew. What it tells is a hint: rows become visible in another order than their numbers, so whoever hears
 * one reads the newest state, and once a minute without any. One look a second serves all listeners of this instance, and none is made
 * without any.
 */
export class Pulse {
  readonly #db: CentralDatabase;
  readonly #onFailure: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #before: ReadonlyMap<string, number> | undefined;
  #lastRating = 0;

  constructor(db: CentralDatabase, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#onFailure = onFailure;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
    if (this.#before === undefined) void this.look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#before = undefined;
    };
  }

  /** Looks now; the first look of all only remembers. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const changed = await this.#changed();
      if (changed === null || changed.length > 0) for (const listener of this.#listeners) listener(changed);
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #changed(): Promise<Changed> {
    const [beats, others] = await Promise.all([this.#beats(), this.#otherRatings()]);
    const before = this.#before;
    this.#before = new Map(beats.map(({ window_pc_id, count }) => [window_pc_id, count]));
    if (before === undefined) return [];
    if (others === null) return null;
    const moved = beats.filter(({ window_pc_id, count }) => before.get(window_pc_id) !== count);
    return [...new Set([...moved.flatMap(({ window_no, served }) => [window_no, ...served]), ...others])];
  }

  async #beats(): Promise<readonly Beat[]> {
    const { rows } = await sql<Beat>`
      select pc.window_pc_id, pc.window_no,
        pc.ratings + pc.not_rated + pc.unbound + pc.set_aside + pc.incidents + coalesce(told.changed_at_ms, 0) as count,
        coalesce(jsonb_path_query_array(told.content, '$.windows[*].windowNo'), '[]') as served
      from window_pcs pc left join window_pc_statuses told using (window_pc_id)`.execute(this.#db);
    return rows;
  }

  /** Windows of ratings that came by other ways since the last look. */
  async #otherRatings(): Promise<Changed> {
    const { rows } = await sql<{ seq: number; window_no: string | null; entry_id: string | null }>`
      select seq, window_no, entry_id from ratings where seq > ${this.#before === undefined ? Number.MAX_SAFE_INTEGER : this.#lastRating}::bigint
      order by seq desc limit ${NAMED + 1}`.execute(this.#db);
    if (this.#before === undefined) {
      const newest = await sql<{ seq: number }>`select coalesce(max(seq), 0) as seq from ratings`.execute(this.#db);
      this.#lastRating = newest.rows[0]?.seq ?? 0;
      return [];
    }
    this.#lastRating = rows[0]?.seq ?? this.#lastRating;
    if (rows.length > NAMED) return null;
    return rows.flatMap(({ window_no, entry_id }) => (entry_id === null && window_no !== null ? [window_no] : []));
  }
}
