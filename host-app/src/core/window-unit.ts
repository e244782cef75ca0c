import type { DeskState } from "@window-rating/protocol/desk";
import type { RequestId } from "@window-rating/protocol/rating";
import type { Logger } from "pino";
import { Window } from "./cases/window.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config/index.ts";
import type { WindowConfig } from "./config/window-list.ts";
import { PadAtWindow } from "./pads/pad-at-window.ts";
import { PadLine } from "./pads/pad-line.ts";
import type { PortOpener } from "./pads/pad-port.ts";
import { caseBook } from "./store/case-book.ts";
import type { RequestBook } from "./store/request-book.ts";
import type { Store } from "./store/store.ts";

/** One window of this PC: its desk, and the line to its pad. */
export interface WindowUnit {
  readonly window: Window;
  readonly line: PadLine;
}

/** What all windows of a PC share. */
export interface SharedByWindows {
  readonly config: Config;
  readonly store: Store;
  readonly requests: RequestBook;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly logger: Logger;
  readonly queue: () => DeskState["queue"];
  readonly tellWindow: (windowNo: string, requestId: RequestId) => boolean;
}

/** Makes a window and its line; nothing is started. */
export const createWindowUnit = (shared: SharedByWindows, { windowNo, pad }: WindowConfig, open: PortOpener): WindowUnit => {
  const { config, store, requests, clock, random, queue, tellWindow } = shared;
  const logger = shared.logger.child({ windowNo });
  const window: Window = new Window({
    store,
    cases: caseBook(store.database, windowNo),
    requests,
    clock,
    random,
    settings: {
      windowNo,
      timeoutMs: config.rating.timeoutSeconds * 1000,
      waitMs: config.rating.waitSeconds * 1000,
      manualTrigger: config.rating.manualTrigger,
    },
    logger,
    pad: () => atWindow,
    queue,
    tellWindow,
  });
  const { debounceMs, volume, brightness, thanksMs } = config.pad;
  const atWindow = new PadAtWindow({
    clock,
    setup: { debounceMs, volume, brightness, thanksMs },
    send: (command) => line.send(command),
    state: () => line.state,
    window: () => window,
  });
  const line: PadLine = new PadLine({ open, clock, random, logger, listener: atWindow, serialNumber: pad.serialNumber });
  return { window, line };
};
