import type { Generated, GeneratedAlways, JSONColumnType } from "kysely";

/** The state of a case (办件) as last told. `item_rating` is the number of the rating effective for its item. */
export interface CaseTable {
  case_no: string;
  item_code: string;
  item_name: string;
  agency_code: string | null;
  theme_no: string | null;
  online: boolean | null;
  accepted_at_ms: number | null;
  completed_at_ms: number | null;
  item_rating: number | null;
  /** When it was decided whether the applicant is reminded to rate. */
  reminder_decided_at_ms: Generated<number | null>;
  /** "window-pc", "system <number>", "import <number>", or the channel of a rating that vouched for the case. */
  told_by: string;
  /** The teller's own time of what it told; an older report changes nothing. */
  told_at_ms: number;
  /** When central first heard of the case. */
  received_at_ms: number;
}

/** One service of a case. `staff_rating` is the number of the rating effective for its clerk. */
export interface VisitTable {
  case_no: string;
  visit_no: number;
  window_no: string | null;
  staff_no: string | null;
  clerk_name: string | null;
  batch_no: string | null;
  ended_at_ms: number | null;
  staff_rating: number | null;
  told_by: string;
  told_at_ms: number;
  received_at_ms: number;
}

/** Several cases of one life event (主题式, 一件事). `rating` is its overall rating. */
export interface ThemeTable {
  theme_no: string;
  name: string | null;
  rating: number | null;
  told_by: string;
  received_at_ms: number;
}

/** What one person rates once a day: a hall, an agency, a platform. */
export interface DailySubjectTable {
  subject: string;
  subject_no: string;
  /** Day in China, yyyy-mm-dd. */
  day: string;
  person: string;
  rating: number;
}

/** What a citizen wrote beside a rating, sealed. For a moment there may be two rows of one rating, each of another key. */
export interface RatingContactTable {
  rating: number;
  sealed: string;
  key_id: GeneratedAlways<string>;
}

export interface CaseContactTable {
  case_no: string;
  sealed: string;
  key_id: GeneratedAlways<string>;
  received_at_ms: number;
}

/** A code with which a citizen finds a rating again; only its hash is kept. Append-only. */
export interface ReceiptTable {
  code_hash: string;
  rating: number;
  issued_at_ms: number;
}

/** A business system, by its token; only the hash of that is kept. */
export interface SystemTable {
  system_no: Generated<number>;
  name: string;
  token_hash: string;
  /** With blanks between. */
  scopes: string;
  created_at_ms: number;
  revoked_at_ms: number | null;
}

/** A report that was taken, as it was sent. Append-only. */
export interface CaseReportTable {
  seq: Generated<number>;
  system_no: number;
  case_no: string;
  visit_no: number | null;
  /** SHA-256 of its content, fields in order: the same report again is a duplicate. */
  fingerprint: string;
  content: string;
  outcome: "applied" | "older";
  received_at_ms: number;
}

/** An entry of a business system that was refused, whole; kept so that it can be taken again. Append-only. */
export interface RefusedReportTable {
  seq: Generated<number>;
  system_no: number;
  kind: "case" | "rating";
  code: string;
  field: string;
  detail: string;
  /** Of a rating it is null: what may name a person is in `sealed_texts`. */
  content: string | null;
  fingerprint: string;
  received_at_ms: number;
}

/** A refused entry that was taken after all. Append-only. */
export interface RetakenReportTable {
  refused: number;
  outcome: string;
  retaken_at_ms: number;
}

/** Every change of agencies, halls, windows, clerks, items and reason lists, in order; null content takes away. Append-only. */
export interface RegistryTable {
  version: Generated<number>;
  kind: string;
  key: string;
  content: JSONColumnType<object, string, string> | null;
  told_by: string;
  told_at_ms: number;
}

interface Newest {
  version: number;
}
export interface AgencyView extends Newest {
  agency_code: string;
  name: string;
}
export interface HallView extends Newest {
  hall_no: string;
  name: string;
  agency_code: string | null;
}
export interface WindowView extends Newest {
  window_no: string;
  name: string | null;
  hall_no: string | null;
  agency_code: string | null;
}
export interface ClerkView extends Newest {
  staff_no: string;
  clerk_name: string;
  agency_code: string | null;
  window_no: string | null;
}
export interface ItemView extends Newest {
  item_code: string;
  item_name: string;
  agency_code: string | null;
}

/** Who sat where on a day: seen in entries of window PCs, or told by a report or import. */
export interface ClerkDayTable {
  window_no: string;
  /** Day in China, yyyy-mm-dd. */
  day: string;
  staff_no: string;
  told_by: string;
  clerk_name: string;
  first_at_ms: number;
  last_at_ms: number;
}

/** Codes and names of items as window PCs used them; what is official is in the registry. */
export interface SeenItemTable {
  item_code: string;
  item_name: string;
  first_at_ms: number;
}

/** A file that was taken in. Append-only. */
export interface ImportTable {
  import_no: Generated<number>;
  kind: string;
  file_name: string;
  file_hash: string;
  rows: number;
  taken: number;
  known: number;
  applied_by: string;
  applied_at_ms: number;
}

/** What this site chose of its region's rules; the newest is in force. Append-only. */
export interface SitePolicyTable {
  version: Generated<number>;
  content: JSONColumnType<object, string, string>;
  set_by: string;
  set_at_ms: number;
}
