import { PassThrough } from "node:stream";
import { windowChoiceSchema } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";
import type { TrafficDesk } from "../traffic/traffic-desk.ts";
import type { TrafficBatch } from "../traffic/traffic-shape.ts";
import { parsed } from "./request-body.ts";

export const TRAFFIC_PATH = "/desk/v1/traffic";
export const TRAFFIC_SUMMARY = "What goes over the lines of the pads, as a stream of JSON lines, until it is closed; for window-host watch";

const MOST_WATCHES = 4;

export interface TrafficStreamOptions {
  readonly traffic: TrafficDesk | undefined;
  /** A reader that is further behind is cut off. */
  readonly bufferBytes: number;
}

/** Adds the stream of traffic, for the commands of window-host alone: one JSON text per batch and line. @returns what ends all of them */
export const addTraffic = (app: FastifyInstance, { traffic, bufferBytes }: TrafficStreamOptions): (() => void) => {
  const open = new Set<PassThrough>();
  app.route({
    method: "GET",
    url: TRAFFIC_PATH,
    config: { access: "control", declaredPath: TRAFFIC_PATH },
    handler: async (request, reply) => {
      if (traffic === undefined) throw new WindowRatingError("WR5010", "this window PC shows no traffic");
      if (open.size >= MOST_WATCHES) throw new WindowRatingError("WR5011", `${MOST_WATCHES} watches are open already`);
      const windowNo = parsed(windowChoiceSchema, (request.query as { windowNo?: unknown }).windowNo, "windowNo");
      const out = new PassThrough();
      const tell = (batch: TrafficBatch): void => {
        if (out.writableLength > bufferBytes) out.destroy();
        else out.write(`${JSON.stringify(batch)}\n`);
      };
      const watch = await traffic.watch(windowNo, tell);
      open.add(out);
      out.on("close", () => {
        watch.end();
        open.delete(out);
      });
      // Says at once that it watches.
      tell({ frames: [], dropped: 0 });
      return reply.type("application/x-ndjson").send(out);
    },
  });
  return () => {
    for (const out of open) out.destroy();
  };
};
