import type { Level, NotRatedReason, Trigger } from "@window-rating/protocol/rating";
import type { Circumstance } from "@window-rating/protocol/sync";
import type { Generated, Kysely } from "kysely";
import type { Channel, Standing, SubjectKind } from "../ratings/submission.ts";
import type {
  AccessEventTable,
  AccountTable,
  ContactKeyHolderTable,
  ContactKeyTable,
  OidcTryTable,
  PersonalLookTable,
  SealedTextTable,
  SessionTable,
  SignInFailureTable,
} from "./access-tables.ts";
import type {
  AgencyView,
  CaseContactTable,
  CaseReportTable,
  CaseTable,
  ClerkDayTable,
  ClerkView,
  DailySubjectTable,
  HallView,
  ImportTable,
  ItemView,
  RatingContactTable,
  ReceiptTable,
  RefusedReportTable,
  RegistryTable,
  RetakenReportTable,
  SeenItemTable,
  SitePolicyTable,
  SystemTable,
  ThemeTable,
  VisitTable,
  WindowView,
} from "./case-tables.ts";
import type { QrKeyTable, QrTicketTable, StaticCodeTable, StaticMatchTable, StaticWaitingTable } from "./channel-tables.ts";
import type { WindowPcStatusTable } from "./console-tables.ts";
import type { JobRunTable, JobSettingTable, ReminderTable, SmsMessageTable, SmsOptOutTable, SmsReplyTable } from "./job-tables.ts";
import type { PolicyStepTable } from "./policy-tables.ts";
import type { PushTable } from "./push-tables.ts";

/**
 * The tables of central, as Kysely sees them. Every time is in Unix milliseconds of central's clock, unless its name says
 * otherwise; ids of entries and hashes are kept as the text that was received, for the hash covers that very text.
 */
export interface CentralTables {
  window_pc_statuses: WindowPcStatusTable;
  window_pcs: WindowPcTable;
  pushes: PushTable;
  enrolment_codes: EnrolmentCodeTable;
  entries: EntryTable;
  received_ranges: ReceivedRangeTable;
  ratings: RatingTable;
  not_rated: NotRatedTable;
  unbound: UnboundTable;
  outcomes: OutcomeView;
  set_aside: SetAsideTable;
  retaken_entries: RetakenEntryTable;
  beside_entries: BesideEntryTable;
  incidents: IncidentTable;
  cases: CaseTable;
  visits: VisitTable;
  themes: ThemeTable;
  daily_subjects: DailySubjectTable;
  rating_contacts: RatingContactTable;
  case_contacts: CaseContactTable;
  receipts: ReceiptTable;
  systems: SystemTable;
  case_reports: CaseReportTable;
  refused_reports: RefusedReportTable;
  retaken_reports: RetakenReportTable;
  registry: RegistryTable;
  agencies: AgencyView;
  halls: HallView;
  windows: WindowView;
  clerks: ClerkView;
  items: ItemView;
  clerk_days: ClerkDayTable;
  seen_items: SeenItemTable;
  imports: ImportTable;
  site_policies: SitePolicyTable;
  site_files: SiteFileTable;
  qr_keys: QrKeyTable;
  qr_tickets: QrTicketTable;
  static_codes: StaticCodeTable;
  static_waiting: StaticWaitingTable;
  static_matches: StaticMatchTable;
  policy_steps: PolicyStepTable;
  /** View: the newest revision of each step. */
  newest_policy_steps: PolicyStepTable;
  reminders: ReminderTable;
  sms_messages: SmsMessageTable;
  sms_replies: SmsReplyTable;
  sms_opt_outs: SmsOptOutTable;
  job_settings: JobSettingTable;
  job_runs: JobRunTable;
  accounts: AccountTable;
  sessions: SessionTable;
  sign_in_failures: SignInFailureTable;
  oidc_tries: OidcTryTable;
  access_events: AccessEventTable;
  personal_looks: PersonalLookTable;
  contact_keys: ContactKeyTable;
  contact_key_holders: ContactKeyHolderTable;
  sealed_texts: SealedTextTable;
}

export type CentralDatabase = Kysely<CentralTables>;

/** One enrolled window PC. Its row is the lock under which its batches are taken, and keeps its counts. */
/** Site files as they were put here; the highest version is served. */
interface SiteFileTable {
  version: number;
  site: string;
  signed_by: string;
  /** The whole file, as JSON. */
  content: string;
  put_by: string;
  put_at_ms: number;
}

interface WindowPcTable {
  window_pc_id: string;
  window_no: string;
  public_key: string;
  token_hash: string;
  enrolled_at_ms: number;
  last_seen_at_ms: number | null;
  /** Central's clock minus the PC's, at its last batch (I11). */
  clock_offset_ms: number | null;
  highest_gapless: Generated<number>;
  ratings: Generated<number>;
  not_rated: Generated<number>;
  /** How many of `not_rated` belong to a request that was rated all the same. */
  rated_later: Generated<number>;
  unbound: Generated<number>;
  /** Those that were not taken since. */
  set_aside: Generated<number>;
  incidents: Generated<number>;
  /** When somebody said that the machine is gone. */
  retired_at_ms: Generated<number | null>;
}

interface EnrolmentCodeTable {
  code_hash: string;
  window_no: string;
  expires_at_ms: number;
  used_at_ms: number | null;
  window_pc_id: string | null;
}

/** Every authentic entry, whether its content was counted or refused. Append-only. */
interface EntryTable {
  /** Order of arrival, over all window PCs. */
  seq: Generated<number>;
  window_pc_id: string;
  number: number;
  entry_id: string;
  previous_hash: string;
  hash: string;
  signature: string;
  body: string;
  /** Code with which its content was refused, or null. */
  refusal: string | null;
  received_at_ms: number;
  clock_offset_ms: number;
}

/** Numbers first … last of a window PC have all been received. Every range that does not start at 1 follows a hole. */
interface ReceivedRangeTable {
  window_pc_id: string;
  first: number;
  last: number;
  began_at_ms: number;
}

/** What every outcome of a rating request has, and `unbound` too; `seq` is that of its entry. */
interface Arrival {
  seq: number;
  entry_id: string;
  request_id: string;
  window_pc_id: string;
  window_no: string;
  /** When it happened, by central's clock: the PC's wall clock plus the offset measured when it was sent. */
  at_ms: number;
  received_at_ms: number;
  clock_offset_ms: number;
}

interface Bound {
  case_no: string;
  visit_no: number;
  case_completed: boolean;
  item_code: string;
  item_name: string;
  staff_no: string;
  clerk_name: string;
  trigger: Trigger;
}

type Nullable<T> = { [K in keyof T]: T[K] | null };

/**
 * A rating of any channel. `request_id` is unique (I4): the pad's rating request, or an id made of channel and key of the submission.
 * A rating is effective if its standing is not "beside" and no other one supersedes it. Append-only.
 */
interface RatingTable
  extends Pick<Arrival, "seq" | "request_id" | "at_ms" | "received_at_ms">,
    Nullable<Omit<Arrival, "seq" | "request_id" | "at_ms" | "received_at_ms">>,
    Nullable<Bound> {
  level: Level;
  circumstance: Circumstance | null;
  secured: boolean | null;
  channel: Generated<Channel>;
  subject: Generated<SubjectKind>;
  standing: Generated<Standing>;
  supersedes: number | null;
  /** The rating of a batch or theme that is valid for this case too; statistics count it once. */
  shared_from: number | null;
  /** Hall, agency, platform or theme. */
  subject_no: string | null;
  batch_no: string | null;
  /** Keyed hash of who rated, where the channel knows; never a number or name. */
  person: string | null;
  named: Generated<"no" | "claimed" | "verified">;
  typed_by: string | null;
  reasons_version: string | null;
  /** Codes of reasons with commas between. */
  reason_codes: string | null;
  comment: string | null;
  /** JSON of what the channel knows of where the rating came from; a pad's is in its entry. */
  origin: string | null;
  import_no: number | null;
}

interface NotRatedTable extends Arrival, Bound {
  reason: NotRatedReason;
}

interface UnboundTable extends Arrival {
  level: Level;
  secured: boolean;
}

export type OutcomeKind = "rating" | "not-rated" | "unbound";

/** View over ratings, not_rated and unbound. */
type OutcomeView = Pick<RatingTable, keyof Arrival | keyof Bound | "supersedes" | "shared_from"> & {
  channel: Channel;
  subject: SubjectKind | null;
  standing: Standing | null;
  kind: OutcomeKind;
  level: Level | null;
  circumstance: Circumstance | null;
  secured: boolean | null;
  reason: NotRatedReason | null;
};

/** A refused entry, whole, as JSON text. Append-only. */
interface SetAsideTable {
  seq: Generated<number>;
  window_pc_id: string;
  /** As sent; empty if unreadable. */
  entry_id: string;
  /** As sent; 0 if unreadable. */
  number: number;
  code: string;
  detail: string;
  entry: string;
  /** SHA-256 of code and entry: the same refusal is kept once. */
  fingerprint: string;
  received_at_ms: number;
  /** Of the batch it came with; null of before this was kept. */
  clock_offset_ms: number | null;
  /** SHA-256 of the file that it came in; null: its window PC sent it. */
  file_hash: Generated<string | null>;
}

/**
 * An entry whose place in the chain another one has, and that counts by the decision of a person. `seq` is that of its rating. Append-only.
 */
interface BesideEntryTable {
  seq: number;
  set_aside: number;
  window_pc_id: string;
  number: number;
  entry_id: string;
  previous_hash: string;
  hash: string;
  signature: string;
  body: string;
  received_at_ms: number;
  clock_offset_ms: number;
}

/** A refused entry that was taken after all: what was set aside is settled. */
interface RetakenEntryTable {
  set_aside: number;
  window_pc_id: string;
  entry_id: string;
  number: number;
  /** `duplicate`: it had come in meanwhile by another way. `left`: a person decided that it does not count, and may decide anew. */
  outcome: "taken" | "duplicate" | "left";
  /** Name of the account. */
  taken_by: string;
  taken_at_ms: number;
  /** When the window PC sent it again and heard that central has it. */
  told_at_ms: number | null;
  /** Where a person decided: why. */
  reason: Generated<string | null>;
}

export type IncidentKind = "altered-entry" | "bad-signature" | "broken-chain" | "number-conflict" | "wrong-clock";

interface IncidentTable {
  seq: Generated<number>;
  window_pc_id: string;
  kind: IncidentKind;
  code: string | null;
  entry_id: string;
  number: number;
  detail: string;
  noticed_at_ms: number;
}
