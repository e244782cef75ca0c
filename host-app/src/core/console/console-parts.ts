import type { Logger } from "pino";
import type { z } from "zod";
import type { EventName, Events } from "../../messages/events.ts";
import type { BackupJob } from "../backup-job.ts";
import type { BrowserPads } from "../browser-pads/browser-pads.ts";
import type { ClerkDesk } from "../clerks/clerk-desk.ts";
import type { Clock } from "../clock.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import type { Config } from "../config/index.ts";
import type { PairingDesk } from "../desk/pairing-desk.ts";
import type { Identity } from "../identity/identity.ts";
import type { PadDesk } from "../pads/pad-desk.ts";
import type { Roster } from "../roster/roster.ts";
import type { PreferenceBook } from "../screens/preference-book.ts";
import type { Store } from "../store/store.ts";
import type { Outbox } from "../sync/outbox.ts";
import type { Sender } from "../sync/sender.ts";
import type { TrafficDesk } from "../traffic/traffic-desk.ts";

/** What of a running window PC the console shows and moves. Each part is the one that the commands of window-host use, too. */
export interface ConsoleParts {
  readonly dataDir: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly status: () => HostStatus;
  readonly pads: PadDesk;
  readonly traffic: TrafficDesk;
  readonly clerks: ClerkDesk;
  readonly pairings: PairingDesk;
  /** undefined: no window of this PC has a tablet. */
  readonly browserPads: BrowserPads | undefined;
  readonly health: HealthParts;
}

/** What the pages about health look after. */
interface HealthParts {
  readonly store: Store;
  readonly identity: Identity;
  readonly backups: BackupJob;
  readonly outbox: Outbox;
  readonly roster: Roster;
  /** null: no central is set. */
  readonly sender: Sender | null;
}

/** One console that is open. */
export interface ConsoleLine {
  readonly preferences: PreferenceBook;
  tell<Name extends EventName>(name: Name, body: z.input<Events[Name]["body"]>): void;
  /** Called once, when this console has gone; at once if it has gone already. */
  onEnd(act: () => void): void;
}
