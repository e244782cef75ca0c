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
];
