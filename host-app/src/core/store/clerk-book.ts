import type { Moment } from "@window-rating/protocol/rating";
import type { Sqlite } from "./database.ts";

/** What this PC itself knows of a clerk; central's roster may know more. */
export interface ClerkRow {
  readonly staffNo: string;
  /** As IT staff gave it here; null: only central's roster names them. */
  readonly name: string | null;
  /** `by` it: the clerk must choose one of their own before it is good for anything else. */
  readonly pin: { readonly hash: string; readonly by: "it" | "own" } | null;
  readonly code: { readonly hash: string; readonly endsMs: number } | null;
  readonly cardHash: string | null;
  readonly onCard: ClerkOnCard;
}

/** What IT staff said here of the card that a pad shows; null: nothing. */
export interface ClerkOnCard {
  readonly title: string | null;
  readonly stars: number | null;
  readonly partyMember: boolean | null;
}

/** Whom wrong PINs are counted against. */
export interface TriedAt {
  readonly subject: "clerk" | "window";
  readonly no: string;
}

/** Wrong PINs since the last right one, and when the last of them was. */
export interface BadTries {
  readonly count: number;
  readonly lastAt: Moment;
}

interface Row {
  staff_no: string;
  clerk_name: string | null;
  pin_hash: string | null;
  pin_by: "it" | "own" | null;
  code_hash: string | null;
  code_ends_ms: number | null;
  card_hash: string | null;
  title: string | null;
  stars: number | null;
  party_member: number | null;
}

interface TriesRow {
  subject: "clerk" | "window";
  no: string;
  count: number;
  wall_ms: number;
  monotonic_ms: number;
  boot_id: string;
}

const clerkOf = (row: Row): ClerkRow => ({
  staffNo: row.staff_no,
  name: row.clerk_name,
  pin: row.pin_hash === null || row.pin_by === null ? null : { hash: row.pin_hash, by: row.pin_by },
  code: row.code_hash === null || row.code_ends_ms === null ? null : { hash: row.code_hash, endsMs: row.code_ends_ms },
  cardHash: row.card_hash,
  onCard: { title: row.title, stars: row.stars, partyMember: row.party_member === null ? null : row.party_member === 1 },
});

const triesOf = (row: TriesRow): BadTries => ({
  count: row.count,
  lastAt: { wallMs: row.wall_ms, monotonicMs: row.monotonic_ms, bootId: row.boot_id },
});

/** Clerks of this PC with what proves who they are, and how often that failed. Every writing function is called inside `Store.write`. */
export const clerkBook = (database: Sqlite) => {
  const find = database.prepare<[string], Row>("SELECT * FROM clerks WHERE staff_no = ?");
  const ofCard = database.prepare<[string], Row>("SELECT * FROM clerks WHERE card_hash = ?");
  const all = database.prepare<[], Row>("SELECT * FROM clerks ORDER BY staff_no");
  const add = database.prepare<[string]>("INSERT INTO clerks (staff_no) VALUES (?) ON CONFLICT DO NOTHING");
  const name = database.prepare<[string, string]>("UPDATE clerks SET clerk_name = ? WHERE staff_no = ?");
  const onCard = database.prepare<[string | null, number | null, number | null, string]>(
    "UPDATE clerks SET title = coalesce(?, title), stars = coalesce(?, stars), party_member = coalesce(?, party_member) WHERE staff_no = ?",
  );
  // Whoever has a new PIN needs no code any more.
  const pin = database.prepare<[string, "it" | "own", string]>(
    "UPDATE clerks SET pin_hash = ?, pin_by = ?, code_hash = NULL, code_ends_ms = NULL WHERE staff_no = ?",
  );
  const code = database.prepare<[string | null, number | null, string]>(
    "UPDATE clerks SET code_hash = ?, code_ends_ms = ? WHERE staff_no = ?",
  );
  const card = database.prepare<[string | null, string]>("UPDATE clerks SET card_hash = ? WHERE staff_no = ?");
  const dropCard = database.prepare<[string]>("UPDATE clerks SET card_hash = NULL WHERE card_hash = ?");
  const remove = database.prepare<[string]>("DELETE FROM clerks WHERE staff_no = ?");
  const salt = database.prepare<[], { salt: string }>("SELECT salt FROM card_salt");
  const keepSalt = database.prepare<[string]>("INSERT INTO card_salt (id, salt) VALUES (1, ?)");
  const tries = database.prepare<[string, string], TriesRow>("SELECT * FROM bad_tries WHERE subject = ? AND no = ?");
  const allTries = database.prepare<[string], TriesRow>("SELECT * FROM bad_tries WHERE subject = ? ORDER BY no");
  const keepTries = database.prepare<[string, string, number, number, number, string]>(
    `INSERT INTO bad_tries (subject, no, count, wall_ms, monotonic_ms, boot_id) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = excluded.count, wall_ms = excluded.wall_ms, monotonic_ms = excluded.monotonic_ms, boot_id = excluded.boot_id`,
  );
  const takeOneBack = database.prepare<[string, string]>(
    "UPDATE bad_tries SET count = count - 1 WHERE subject = ? AND no = ? AND count > 0",
  );
  const forget = database.prepare<[string, string]>("DELETE FROM bad_tries WHERE subject = ? AND no = ?");
  const onDutyAt = database.prepare<[string], { window_no: string }>(
    "SELECT DISTINCT window_no FROM sign_ins WHERE staff_no = ? AND signed_out_ms IS NULL ORDER BY window_no",
  );

  const row = (staffNo: string): string => {
    add.run(staffNo);
    return staffNo;
  };

  return {
    find(staffNo: string): ClerkRow | undefined {
      const found = find.get(staffNo);
      return found && clerkOf(found);
    },
    ofCard(cardHash: string): ClerkRow | undefined {
      const found = ofCard.get(cardHash);
      return found && clerkOf(found);
    },
    all: (): ClerkRow[] => all.all().map(clerkOf),
    setName: (staffNo: string, given: string): void => void name.run(given, row(staffNo)),
    /** What is null stays as it is. */
    setOnCard: (staffNo: string, { title, stars, partyMember }: ClerkOnCard): void =>
      void onCard.run(title, stars, partyMember === null ? null : Number(partyMember), row(staffNo)),
    setPin: (staffNo: string, hash: string, by: "it" | "own"): void => void pin.run(hash, by, row(staffNo)),
    setCode: (staffNo: string, hash: string, endsMs: number): void => void code.run(hash, endsMs, row(staffNo)),
    /** A card has one clerk: whoever had it before has it no more. */
    setCard(staffNo: string, hash: string | null): void {
      if (hash !== null) dropCard.run(hash);
      card.run(hash, row(staffNo));
    },
    remove: (staffNo: string): boolean => remove.run(staffNo).changes > 0,
    /** The one salt of all cards of this PC: a card is found by what it hashes to. */
    cardSalt: (): string | undefined => salt.get()?.salt,
    keepCardSalt: (made: string): void => void keepSalt.run(made),
    badTries({ subject, no }: TriedAt): BadTries | null {
      const found = tries.get(subject, no);
      return found === undefined ? null : triesOf(found);
    },
    allBadTries: (subject: TriedAt["subject"]): { readonly no: string; readonly tries: BadTries }[] =>
      allTries.all(subject).map((found) => ({ no: found.no, tries: triesOf(found) })),
    keepBadTries({ subject, no }: TriedAt, count: number, { wallMs, monotonicMs, bootId }: Moment): void {
      keepTries.run(subject, no, count, wallMs, monotonicMs, bootId);
    },
    takeOneBack: ({ subject, no }: TriedAt): void => void takeOneBack.run(subject, no),
    forgetBadTries: ({ subject, no }: TriedAt): boolean => forget.run(subject, no).changes > 0,
    onDutyAt: (staffNo: string): string[] => onDutyAt.all(staffNo).map(({ window_no }) => window_no),
  };
};
export type ClerkBook = ReturnType<typeof clerkBook>;
