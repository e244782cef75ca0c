import { WindowRatingError } from "@window-rating/protocol/error";
import type { CONSOLE_TRAFFIC_REQUESTS } from "../../messages/console-traffic.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { Clock } from "../clock.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import { filePiece } from "./file-piece.ts";

/** A screen gives an answer ten seconds; no part of a bundle may take so much that the whole of it comes later. */
const PART_PATIENCE_MS = 3000;

type DoctorHandlers = Pick<HandlersFor<typeof CONSOLE_TRAFFIC_REQUESTS>, "doctor.run" | "bundle.make" | "bundle.read">;

interface DoctorParts {
  readonly dataDir: string;
  readonly clock: Clock;
  /** null: there is none to tell, as while the database is damaged. */
  readonly status: () => HostStatus | null;
}

/** The doctor and the bundle of logs, which work whether the database does or not. */
export const doctorHandlers = ({ dataDir, clock, status }: DoctorParts): DoctorHandlers => {
  let bundlePath: string | undefined;
  return {
    "doctor.run": async () => {
      const { examine } = await import("../commands/doctor/examine.ts");
      return { findings: await examine({ dataDir, env: process.env, readsDatabase: false }) };
    },
    "bundle.make": async () => {
      const [{ makeBundle }, { examine }] = await Promise.all([import("../bundle/log-bundle.ts"), import("../commands/doctor/examine.ts")]);
      const bundle = await makeBundle({
        dataDir,
        env: process.env,
        wallMs: clock.wallMs(),
        patienceMs: PART_PATIENCE_MS,
        status: () => Promise.resolve(status()),
        examine: () => examine({ dataDir, env: process.env, readsDatabase: false }),
      });
      bundlePath = bundle.path;
      return { ...bundle, parts: [...bundle.parts], missing: [...bundle.missing] };
    },
    "bundle.read": async ({ from }) => {
      if (bundlePath === undefined) throw new WindowRatingError("WR8006", "this console has had no bundle made");
      return { data: await filePiece(bundlePath, from) };
    },
  };
};
