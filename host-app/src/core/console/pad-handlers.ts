import { WindowRatingError } from "@window-rating/protocol/error";
import type { CONSOLE_PAD_REQUESTS } from "../../messages/console-pads.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { BrowserPads } from "../browser-pads/browser-pads.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { ImageUpload } from "./image-upload.ts";
import { ReadLogs } from "./pad-log-file.ts";

const done = {};

/** What the core does for the console's page of pads: by the same desks as window-host pad, ports and pad browser. */
export const padHandlers = (
  { dataDir, clock, pads, status, browserPads }: ConsoleParts,
  line: ConsoleLine,
): HandlersFor<typeof CONSOLE_PAD_REQUESTS> => {
  const upload = new ImageUpload();
  const logs = new ReadLogs();
  line.onEnd(pads.onTrial((windowNo) => line.tell("pads", { windowNo, trial: pads.trial(windowNo) })));
  return {
    "pads.read": () => ({ list: pads.list(), windows: pads.seen() }),
    // Heavy, and asked by nobody but a person who looks for a pad.
    "pads.ports": async ({ probe }) => ({ ports: await (await import("./port-views.ts")).portViews(status().windows, probe) }),
    "pads.test": ({ windowNo, part }) => {
      pads.test(windowNo, part);
      return done;
    },
    "pads.endTest": ({ windowNo }) => {
      pads.endTest(windowNo);
      return done;
    },
    "pads.log": async ({ windowNo, from }) => logs.take(await pads.log(windowNo, from), from),
    "pads.saveLog": ({ windowNo }) => {
      const seen = pads.seen().find((one) => one.windowNo === windowNo);
      return logs.save(dataDir, windowNo, seen?.pad, clock.wallMs());
    },
    "pads.pair": ({ windowNo }) => {
      pads.pair(windowNo);
      return done;
    },
    "pads.typeCode": ({ windowNo, code }) => {
      pads.type(windowNo, code);
      return done;
    },
    "pads.cancelPairing": ({ windowNo }) => {
      pads.cancel(windowNo);
      return done;
    },
    "pads.unpair": ({ windowNo }) => {
      pads.unpair(windowNo);
      return done;
    },
    "pads.forget": (pad) => {
      pads.forget(pad);
      return done;
    },
    "pads.refreshAssets": () => {
      pads.refreshAssets();
      return done;
    },
    "pads.update": ({ windowNo, path }) => {
      pads.update(windowNo, path);
      return done;
    },
    "pads.upload": ({ windowNo, ...piece }) => {
      const image = upload.take(piece);
      if (image !== undefined) pads.install(windowNo, image);
      return done;
    },
    "tablets.read": () => ({ list: browserPads?.list() ?? null }),
    "tablets.offer": ({ windowNo, replace }) => served(browserPads).offer(windowNo, replace),
    "tablets.remove": ({ windowNo }) => {
      served(browserPads).remove(windowNo);
      return done;
    },
  };
};

const served = (browserPads: BrowserPads | undefined): BrowserPads => {
  if (browserPads === undefined) throw new WindowRatingError("WR1042", "no window of this PC has pad.port browser");
  return browserPads;
};
