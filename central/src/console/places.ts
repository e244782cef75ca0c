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
interface PlaceIndex {
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
 * The places whose rows an account gets. `items`, `halls` and `agencies` are for what has no window: the rating of an item belongs to the
 * item's agency, that of a hall or agency to itself.
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

/** Whose window it is: its own agency's, else that of the hall it stands in. */
const agencyOf = (window: Window, halls: ReadonlyMap<string, Hall>): string | null =>
  window.agencyCode ?? (window.hallNo === null ? null : (halls.get(window.hallNo)?.agencyCode ?? null));

/** The part of the registry that a scope sees. Pure. */
const within = (index: PlaceIndex, scope: Scope): PlaceIndex => {
  if (scope.is === "all") return index;
  const halls = new Map(index.halls.map((hall) => [hall.hallNo, hall]));
  if (scope.is === "hall") {
    const windows = index.windows.filter(({ hallNo }) => hallNo === scope.hallNo);
    const own = index.halls.filter(({ hallNo }) => hallNo === scope.hallNo);
    const codes = new Set([...own.map(({ agencyCode }) => agencyCode), ...windows.map((window) => agencyOf(window, halls))]);
    // Of the agencies at its windows a hall knows the names; what belongs to them elsewhere it does not see.
    return { halls: own, windows, agencies: index.agencies.filter(({ agencyCode }) => codes.has(agencyCode)), items: [] };
  }
  const windows = index.windows.filter((window) => agencyOf(window, halls) === scope.agencyCode);
  const standing = new Set(windows.map(({ hallNo }) => hallNo));
  return {
    agencies: index.agencies.filter(({ agencyCode }) => agencyCode === scope.agencyCode),
    halls: index.halls.filter(({ hallNo, agencyCode }) => agencyCode === scope.agencyCode || standing.has(hallNo)),
    windows,
    items: index.items.filter(({ agencyCode }) => agencyCode === scope.agencyCode),
  };
};

/** The registry, kept in memory until it changes. */
export class PlaceBook {
  readonly #db: CentralDatabase;
  #version = -1;
  #index: PlaceIndex = { agencies: [], halls: [], windows: [], items: [] };

  constructor(db: CentralDatabase) {
    this.#db = db;
  }

  /** What a scope sees of the registry. */
  async visible(scope: Scope): Promise<PlaceIndex> {
    return within(await this.#newest(), scope);
  }

  /** Whose rows a scope gets of those asked for. A window that nobody registered is seen by accounts of the whole alone. */
  async places(scope: Scope, { window, hall, agency }: PlaceQuery = {}): Promise<Places> {
    const isAsked = window !== undefined || hall !== undefined || agency !== undefined;
    if (scope.is === "all" && !isAsked) return { is: "all" };
    const index = await this.#newest();
    const seen = within(index, scope);
    const halls = new Map(index.halls.map((one) => [one.hallNo, one]));
    const inHall = (no: string | null): boolean => hall === undefined || no === hall;
    const inAgency = (code: string | null): boolean => agency === undefined || code === agency;
    const windows = seen.windows.filter(
      (one) => (window === undefined || one.windowNo === window) && inHall(one.hallNo) && inAgency(agencyOf(one, halls)),
    );
    const isUnknown = window !== undefined && scope.is === "all" && !index.windows.some(({ windowNo }) => windowNo === window);
    const asked = { is: "some", windows: windows.map(({ windowNo }) => windowNo) } as const;
    if (window !== undefined) {
      const alone = isUnknown && hall === undefined && agency === undefined ? [window] : asked.windows;
      return { is: "some", windows: alone, halls: [], agencies: [], items: [] };
    }
    const isOwn = (own: Hall): boolean =>
      scope.is === "all" || (scope.is === "hall" ? own.hallNo === scope.hallNo : own.agencyCode === scope.agencyCode);
    return {
      ...asked,
      halls: seen.halls.filter((one) => isOwn(one) && inHall(one.hallNo) && inAgency(one.agencyCode)).map(({ hallNo }) => hallNo),
      agencies: (hall === undefined && scope.is !== "hall" ? seen.agencies : [])
        .filter(({ agencyCode }) => inAgency(agencyCode))
        .map(({ agencyCode }) => agencyCode),
      items: hall === undefined ? seen.items.filter(({ agencyCode }) => inAgency(agencyCode)).map(({ itemCode }) => itemCode) : [],
    };
  }

  async #newest(): Promise<PlaceIndex> {
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
