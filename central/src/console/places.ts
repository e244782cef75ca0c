import { sql } from "kysely";
import type { Scope } from "../access/viewer.ts";
import type { CentralDatabase } from "../database/tables.ts";

interface Window {
  readonly windowNo: string;
  readonly name: string | null;
  readonly hallNo: string | null;
  readonly agencyCode: string | null;
}
interface Hall {
  readonly hallNo: string;
  readonly name: string;
  readonly agencyCode: string | null;
}
interface Agency {
  readonly agencyCode: string;
  readonly name: string;
}
interface Item {
  readonly itemCode: string;
  readonly agencyCode: string | null;
}

/** Agencies, halls, windows and items as the registry has them now. */
export interface Registered {
  readonly agencies: readonly Agency[];
  readonly halls: readonly Hall[];
  readonly windows: readonly Window[];
  readonly items: readonly Item[];
}

/** Where rows are asked for. */
export interface PlaceQuery {
  readonly window?: string | undefined;
  readonly hall?: string | undefined;
  readonly agency?: string | undefined;
}

/**
 * The places whose rows an account gets: ratings at its windows, of its items wherever they were served, of its halls and of itself. The same
 * as access/row-scope.ts says of one row, but for cases that only a business system gave to an agency: those are found by their number.
 */
export type Places =
  | { readonly is: "all" }
  | {
      readonly is: "some";
      readonly windows: readonly string[];
      readonly halls: readonly string[];
      readonly agencies: readonly string[];
      readonly items: readonly string[];
    };

/** Whose a window is: its own agency's, and that of the hall it stands in. */
const isOf = (agencyCode: string, window: Window, halls: ReadonlyMap<string, Hall>): boolean =>
  window.agencyCode === agencyCode || (window.hallNo !== null && halls.get(window.hallNo)?.agencyCode === agencyCode);

const byNumber = (halls: readonly Hall[]): ReadonlyMap<string, Hall> => new Map(halls.map((hall) => [hall.hallNo, hall]));

/** The part of the registry that a scope sees. Pure. */
const within = (index: Registered, scope: Scope): Registered => {
  if (scope.is === "all") return index;
  if (scope.is === "hall") {
    const windows = index.windows.filter(({ hallNo }) => hallNo === scope.hallNo);
    const halls = index.halls.filter(({ hallNo }) => hallNo === scope.hallNo);
    // Of the agencies at its windows a hall knows the names; what belongs to them elsewhere it does not see.
    const codes = new Set([...halls, ...windows].map(({ agencyCode }) => agencyCode));
    return { halls, windows, agencies: index.agencies.filter(({ agencyCode }) => codes.has(agencyCode)), items: [] };
  }
  const { agencyCode } = scope;
  const halls = byNumber(index.halls);
  const windows = index.windows.filter((window) => isOf(agencyCode, window, halls));
  const standing = new Set(windows.map(({ hallNo }) => hallNo));
  return {
    agencies: index.agencies.filter((one) => one.agencyCode === agencyCode),
    // A hall where it has windows it knows by name.
    halls: index.halls.filter((one) => one.agencyCode === agencyCode || standing.has(one.hallNo)),
    windows,
    items: index.items.filter((one) => one.agencyCode === agencyCode),
  };
};

/** What is asked for of what a scope sees. Pure. */
const placesWithin = (index: Registered, scope: Scope, { window, hall, agency }: PlaceQuery): Places => {
  const seen = within(index, scope);
  const halls = byNumber(index.halls);
  const windows = seen.windows.filter(
    (one) =>
      (window === undefined || one.windowNo === window) &&
      (hall === undefined || one.hallNo === hall) &&
      (agency === undefined || isOf(agency, one, halls)),
  );
  const numbers = windows.map(({ windowNo }) => windowNo);
  if (window !== undefined) {
    // One that nobody registered is seen by accounts of the whole alone.
    const isUnknown =
      scope.is === "all" && hall === undefined && agency === undefined && !index.windows.some(({ windowNo }) => windowNo === window);
    return { is: "some", windows: isUnknown ? [window] : numbers, halls: [], agencies: [], items: [] };
  }
  const isOwn = (one: Hall): boolean => scope.is !== "agency" || one.agencyCode === scope.agencyCode;
  const ownHalls = seen.halls.filter(
    (one) => isOwn(one) && (hall === undefined || one.hallNo === hall) && (agency === undefined || one.agencyCode === agency),
  );
  const isAgency = (code: string | null): boolean => hall === undefined && scope.is !== "hall" && (agency === undefined || code === agency);
  return {
    is: "some",
    windows: numbers,
    halls: ownHalls.map(({ hallNo }) => hallNo),
    agencies: seen.agencies.filter(({ agencyCode }) => isAgency(agencyCode)).map(({ agencyCode }) => agencyCode),
    items: seen.items.filter(({ agencyCode }) => isAgency(agencyCode)).map(({ itemCode }) => itemCode),
  };
};

/** The registry, kept in memory until it changes. */
export class PlaceBook {
  readonly #db: CentralDatabase;
  #version = -1;
  #index: Registered = { agencies: [], halls: [], windows: [], items: [] };

  constructor(db: CentralDatabase) {
    this.#db = db;
  }

  /** What a scope sees of the registry. */
  async visible(scope: Scope): Promise<Registered> {
    return within(await this.#newest(), scope);
  }

  /** Whose rows a scope gets of those asked for. */
  async places(scope: Scope, query: PlaceQuery = {}): Promise<Places> {
    const isAsked = query.window !== undefined || query.hall !== undefined || query.agency !== undefined;
    return scope.is === "all" && !isAsked ? { is: "all" } : placesWithin(await this.#newest(), scope, query);
  }

  async #newest(): Promise<Registered> {
    const { rows } = await sql<{ version: number }>`select coalesce(max(version), 0) as version from registry`.execute(this.#db);
    const version = rows[0]?.version ?? 0;
    if (version === this.#version) return this.#index;
    const [agencies, halls, windows, items] = await Promise.all([
      this.#db.selectFrom("agencies").select(["agency_code as agencyCode", "name"]).orderBy("agency_code").execute(),
      this.#db.selectFrom("halls").select(["hall_no as hallNo", "name", "agency_code as agencyCode"]).orderBy("hall_no").execute(),
      this.#db
        .selectFrom("windows")
        .select(["window_no as windowNo", "name", "hall_no as hallNo", "agency_code as agencyCode"])
        .orderBy("window_no")
        .execute(),
      this.#db.selectFrom("items").select(["item_code as itemCode", "agency_code as agencyCode"]).orderBy("item_code").execute(),
    ]);
    this.#version = version;
    this.#index = { agencies, halls, windows, items };
    return this.#index;
  }
}
