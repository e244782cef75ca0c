/** Numbered steps of the schema; each runs once, in one transaction. A landed step is never edited: a change is a new step. */
export const MIGRATIONS: readonly string[] = [
  // 1: one window, end to end
  `
  CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY,
    staff_no TEXT NOT NULL,
    clerk_name TEXT NOT NULL,
    caller TEXT NOT NULL,
    signed_in_ms INTEGER NOT NULL,
    signed_out_ms INTEGER
  ) STRICT;

  CREATE TABLE cases (
    case_no TEXT NOT NULL,
    visit_no INTEGER NOT NULL,
    item_code TEXT NOT NULL,
    item_name TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'cancelled')),
    PRIMARY KEY (case_no, visit_no)
  ) STRICT;
  CREATE UNIQUE INDEX one_open_case ON cases (state) WHERE state = 'open';

  -- What a request binds (I5) never changes; where it is in its life does.
  CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    case_no TEXT NOT NULL,
    visit_no INTEGER NOT NULL,
    binding TEXT NOT NULL,
    opened_wall_ms INTEGER NOT NULL,
    opened_monotonic_ms INTEGER NOT NULL,
    opened_boot_id TEXT NOT NULL,
    timeout_ms INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    shown_wall_ms INTEGER,
    shown_monotonic_ms INTEGER,
    shown_boot_id TEXT,
    UNIQUE (case_no, visit_no)
  ) STRICT;
  CREATE INDEX requests_alive ON requests (state) WHERE state IN ('waiting', 'shown');
  CREATE TRIGGER binding_is_fixed BEFORE UPDATE OF request_id, case_no, visit_no, binding, opened_wall_ms ON requests
    BEGIN SELECT RAISE(ABORT, 'the binding of a request is fixed (I5)'); END;

  -- Every event of every pad once (I4): a repeat meets the primary key.
  CREATE TABLE pad_events (
    pad TEXT NOT NULL,
    store_id INTEGER NOT NULL,
    event_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    request_id TEXT,
    content TEXT NOT NULL,
    taken_ms INTEGER NOT NULL,
    PRIMARY KEY (pad, store_id, event_no)
  ) STRICT, WITHOUT ROWID;

  -- The effective rating of a request: at most one (I4).
  CREATE TABLE ratings (
    request_id TEXT PRIMARY KEY REFERENCES requests (request_id),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    circumstance TEXT NOT NULL,
    entry_number INTEGER NOT NULL UNIQUE
  ) STRICT, WITHOUT ROWID;

  -- The chain (I8).
  CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    request_id TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    body TEXT NOT NULL,
    written_ms INTEGER NOT NULL
  ) STRICT;

  -- Entries that central has not confirmed. A row leaves when central has the entry; the entry itself stays.
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY REFERENCES entries (number),
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE set_aside (
    number INTEGER PRIMARY KEY REFERENCES entries (number),
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    refused_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
  CREATE TRIGGER entries_are_fixed BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
  CREATE TRIGGER ratings_stay BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings are never deleted'); END;
  CREATE TRIGGER ratings_are_fixed BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings are never changed'); END;
  CREATE TRIGGER pad_events_stay BEFORE DELETE ON pad_events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER pad_events_are_fixed BEFORE UPDATE ON pad_events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  `,
  // 2: several windows on one PC. Rows of before belong to the window that served them; what no request tells of is given to the first
  // window at the next start, see store/window-rows.ts.
  `
  ALTER TABLE sign_ins ADD COLUMN window_no TEXT NOT NULL DEFAULT '';
  ALTER TABLE cases ADD COLUMN window_no TEXT NOT NULL DEFAULT '';
  ALTER TABLE requests ADD COLUMN window_no TEXT NOT NULL DEFAULT '';
  UPDATE requests SET window_no = json_extract(binding, '$.windowNo');
  DROP INDEX one_open_case;
  CREATE UNIQUE INDEX one_open_case ON cases (window_no) WHERE state = 'open';
  DROP INDEX requests_alive;
  CREATE INDEX requests_alive ON requests (window_no) WHERE state IN ('waiting', 'shown');
  CREATE INDEX requests_of_window ON requests (window_no);
  CREATE INDEX on_duty ON sign_ins (window_no) WHERE signed_out_ms IS NULL;
  `,
  // 3: presses on other makers' pads. They number nothing and name no request: a press is known by the request that was open, which has
  // one of them at most, so that a repeat meets the primary key (I4).
  `
  CREATE TABLE keypad_presses (
    request_id TEXT PRIMARY KEY REFERENCES requests (request_id),
    model TEXT NOT NULL,
    profile_hash TEXT NOT NULL,
    adapter TEXT,
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    since_open_ms INTEGER NOT NULL,
    taken_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER keypad_presses_stay BEFORE DELETE ON keypad_presses BEGIN SELECT RAISE(ABORT, 'presses are never deleted'); END;
  CREATE TRIGGER keypad_presses_are_fixed BEFORE UPDATE ON keypad_presses BEGIN SELECT RAISE(ABORT, 'presses are never changed'); END;
  `,
  // 4: a window that pauses does so through a restart of the PC.
  `
  CREATE TABLE pauses (
    id INTEGER PRIMARY KEY,
    window_no TEXT NOT NULL,
    text TEXT NOT NULL,
    paused_by TEXT NOT NULL,
    paused_ms INTEGER NOT NULL,
    resumed_by TEXT,
    resumed_ms INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX one_pause ON pauses (window_no) WHERE resumed_ms IS NULL;
  `,
  // 5: clerks who sign in by PIN or card, two of them at a window, batches and themes, a second invitation, paper forms.
  `
  ALTER TABLE sign_ins ADD COLUMN way TEXT NOT NULL DEFAULT 'business-system';
  ALTER TABLE sign_ins ADD COLUMN signed_out_why TEXT;

  -- What this PC itself knows of a clerk. A secret is never here: only what scrypt made of it.
  CREATE TABLE clerks (
    staff_no TEXT PRIMARY KEY,
    clerk_name TEXT,
    pin_hash TEXT,
    pin_by TEXT CHECK (pin_by IN ('it', 'own')),
    code_hash TEXT,
    code_ends_ms INTEGER,
    card_hash TEXT UNIQUE
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE card_salt (id INTEGER PRIMARY KEY CHECK (id = 1), salt TEXT NOT NULL) STRICT;
  CREATE TABLE bad_tries (
    subject TEXT NOT NULL CHECK (subject IN ('clerk', 'window')),
    no TEXT NOT NULL,
    count INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    PRIMARY KEY (subject, no)
  ) STRICT, WITHOUT ROWID;

  -- Who serves a case, if that was known when it began; and the request that its end opened, one for all cases of a batch or theme.
  ALTER TABLE cases ADD COLUMN staff_no TEXT;
  ALTER TABLE cases ADD COLUMN clerk_name TEXT;
  ALTER TABLE cases ADD COLUMN request_id TEXT REFERENCES requests (request_id);
  UPDATE cases SET request_id = (SELECT request_id FROM requests r WHERE r.case_no = cases.case_no AND r.visit_no = cases.visit_no);

  -- A second invitation is one more life of the same request, so that there is one rating at most whichever of them it answers (I4).
  ALTER TABLE requests ADD COLUMN again_wall_ms INTEGER;
  ALTER TABLE requests ADD COLUMN again_monotonic_ms INTEGER;
  ALTER TABLE requests ADD COLUMN again_boot_id TEXT;
  ALTER TABLE requests ADD COLUMN again_trigger TEXT;
  ALTER TABLE requests ADD COLUMN again_by TEXT;
  CREATE TRIGGER again_is_once BEFORE UPDATE OF again_wall_ms, again_monotonic_ms, again_boot_id, again_trigger, again_by ON requests
    WHEN OLD.again_wall_ms IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a case is invited again once'); END;
  CREATE INDEX requests_of_clerk ON requests (json_extract(binding, '$.staffNo'));

  -- Ratings on paper: one for a visit, beside those of pads and never among them.
  CREATE TABLE paper_forms (
    case_no TEXT NOT NULL,
    visit_no INTEGER NOT NULL,
    entry_number INTEGER NOT NULL UNIQUE REFERENCES entries (number),
    typed_by TEXT NOT NULL,
    PRIMARY KEY (case_no, visit_no)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER paper_forms_stay BEFORE DELETE ON paper_forms BEGIN SELECT RAISE(ABORT, 'paper forms are never deleted'); END;
  CREATE TRIGGER paper_forms_are_fixed BEFORE UPDATE ON paper_forms BEGIN SELECT RAISE(ABORT, 'paper forms are never changed'); END;
  `,
  // 6: a notice that stands until the next one does so through a restart of the PC.
  `
  CREATE TABLE notices (
    window_no TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    told_by TEXT NOT NULL,
    told_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // 6: what stands on a clerk's card where no central tells it; null: nothing was said.
  `
  ALTER TABLE clerks ADD COLUMN title TEXT;
  ALTER TABLE clerks ADD COLUMN stars INTEGER CHECK (stars BETWEEN 0 AND 5);
  ALTER TABLE clerks ADD COLUMN party_member INTEGER CHECK (party_member IN (0, 1));
  `,
];
