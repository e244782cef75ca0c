import type { Generated } from "kysely";

/** A signing key for dynamic codes; the key itself is derived from the key file. The one with the highest number not revoked signs. */
export interface QrKeyTable {
  key_no: number;
  made_at_ms: number;
  /** Since then none of its codes is taken. */
  revoked_at_ms: number | null;
}

/** A dynamic code that was handed out: one person, one case. Append-only. */
export interface QrTicketTable {
  ticket_id: string;
  key_no: number;
  channel: "dynamic-qr" | "web";
  case_no: string | null;
  visit_no: number | null;
  theme_no: string | null;
  /** JSON of what its issuer vouches for about the visit. */
  service: string | null;
  expires_at_ms: number;
  /** "system 3", "window-pc <id>". */
  issued_by: string;
  issued_at_ms: number;
}

/** A code that hangs at a window or in a hall. */
export interface StaticCodeTable {
  code_no: Generated<number>;
  kind: "window" | "hall";
  subject_no: string;
  made_at_ms: number;
  revoked_at_ms: number | null;
}

/** A rating of a window whose visit is still looked for. */
export interface StaticWaitingTable {
  rating: number;
  window_no: string;
  scanned_at_ms: number;
}

/**
 * What became of the search for the visit of a rating by static code. `none`, `several`: so many visits fit; `contested`: another rating
 * fits the same one; `untold`: the window PC never told of that time; `refused`: the visit's rules refused it.
 */
export type MatchOutcome = "matched" | "none" | "several" | "contested" | "untold" | "refused";

/** Append-only. */
export interface StaticMatchTable {
  rating: number;
  outcome: MatchOutcome;
  candidates: number;
  case_no: string | null;
  visit_no: number | null;
  matched_rating: number | null;
  decided_at_ms: number;
}
