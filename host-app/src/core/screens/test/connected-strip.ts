import { pino } from "pino";
import type { ScreenLine } from "../../../messages/carrier.ts";
import type { WindowDesk } from "../../cases/window-desk.ts";
import { WindowDesks } from "../../cases/window-desks.ts";
import { systemClock } from "../../clock.ts";
import { PreferenceBook } from "../preference-book.ts";
import { ScreenHub } from "../screen-hub.ts";
import type { StripPairing } from "../strip-handlers.ts";

/** A strip at the end of a line in memory, connected to a window: what it was told, and what it asks, in the text that goes over any carrier. */
export const connectStrip = (desk: WindowDesk, dataDir: string, pairing?: StripPairing) => {
  const hub = new ScreenHub({
    desks: new WindowDesks([desk]),
    lists: { paper: () => ({ labels: [], reasons: null }), findItems: () => [] },
    preferences: new PreferenceBook(dataDir),
    consoleParts: () => {
      throw new Error("there is no console here");
    },
    pairing,
    clock: systemClock(),
    logger: pino({ level: "silent" }),
  });
  const told: Record<string, unknown>[] = [];
  let say: (text: string) => void = () => undefined;
  let end: () => void = () => undefined;
  const waiting = new Map<number, (reply: Record<string, unknown>) => void>();
  const line: ScreenLine = {
    send: (text) => {
      const message = JSON.parse(text) as Record<string, unknown>;
      told.push(message);
      waiting.get(message.id as number)?.(message);
    },
    behindBytes: () => 0,
    close: () => end(),
    listen: ({ text, closed }) => {
      say = text;
      end = closed;
    },
  };
  hub.connect(line, { screen: "strip", windowNo: desk.windowNo });
  let last = 0;
  return {
    /** The bodies of all events of this name. */
    told: (name: string) => told.filter((message) => message.name === name).map(({ body }) => body),
    ask: (name: string, body: object): Promise<Record<string, unknown>> =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        say(JSON.stringify({ ask: name, id: last, body }));
      }),
    end: () => end(),
  };
};
