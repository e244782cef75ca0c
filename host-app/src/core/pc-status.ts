import type { ClerkOnDuty, DeskState, PadState } from "@window-rating/protocol/desk";
import type { WindowPcStatus } from "@window-rating/protocol/sync";
import type { Clock } from "./clock.ts";

/** A window as its status is read: cheap, for it is looked at every few seconds. */
interface WatchedWindow {
  readonly window: { readonly windowNo: string; readonly clerksOnDuty: readonly ClerkOnDuty[] };
  readonly line: { readonly state: PadState };
}

interface PcStatusOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly windows: readonly WatchedWindow[];
  readonly queue: () => DeskState["queue"];
}

type Connection = { readonly is: PadState["connection"]; readonly sinceMs: number };

/** What this PC tells central of itself in its heartbeats; no level and no case is in it. */
export class PcStatus {
  readonly #options: PcStatusOptions;
  readonly #startedAtMs: number;
  readonly #connections = new Map<string, Connection>();

  constructor(options: PcStatusOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.wallMs();
  }

  /** Changes when a pad or a clerk comes or goes. */
  mark(): string {
    return this.#options.windows
      .map(({ window, line }) =>
        [this.#connection(window.windowNo, line.state).is, ...window.clerksOnDuty.map(({ staffNo }) => staffNo)].join(" "),
      )
      .join("\n");
  }

  read(): WindowPcStatus {
    const { version, clock, windows, queue } = this.#options;
    const { waiting, oldestMs, setAside } = queue();
    return {
      version,
      startedAtMs: this.#startedAtMs,
      queue: { waiting, oldestWaitingAtMs: oldestMs === null ? null : clock.wallMs() - oldestMs, setAside },
      windows: windows.map(({ window, line }) => ({
        windowNo: window.windowNo,
        pad: this.#pad(window.windowNo, line.state),
        clerks: window.clerksOnDuty.map(({ staffNo, name }) => ({ staffNo, clerkName: name })).reverse(),
      })),
    };
  }

  /** What a connection is, and since when as far as anybody looked. */
  #connection(windowNo: string, { connection }: PadState): Connection {
    const before = this.#connections.get(windowNo);
    if (before?.is === connection) return before;
    const now = { is: connection, sinceMs: this.#options.clock.wallMs() };
    this.#connections.set(windowNo, now);
    return now;
  }

  #pad(windowNo: string, state: PadState): WindowPcStatus["windows"][number]["pad"] {
    const { connection, model, serialNumber, cause } = state;
    return {
      connection,
      model: model ?? null,
      serialNumber: serialNumber ?? null,
      cause: connection === "ready" || cause === undefined ? null : oneLine(cause),
      sinceMs: this.#connection(windowNo, state).sinceMs,
    };
  }
}

/** As central's schema takes it. */
const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 300);
