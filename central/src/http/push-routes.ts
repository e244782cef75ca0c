import { shortText } from "@window-rating/protocol/rating";
import { answerPushSchema, type HandedPushes, type PushState, pushRequestSchema, takePushesSchema } from "@window-rating/protocol/sync";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { authenticate } from "../enrolment.ts";
import type { Bell } from "../push/bell.ts";
import { linkRequestSchema, makeEndLink } from "../push/links.ts";
import { answerPush, keepPush, readPush, takePushes } from "../push/pushes.ts";
import { bearerToken } from "./bearer-token.ts";
import { parseRequest } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";
import { systemDoor } from "./system-caller.ts";

interface PushParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly bell: Bell;
}

const toWindow = (windowNo: string): string => `window ${windowNo}`;
const answersTo = (systemNo: number, pushNo: string): string => `answer ${systemNo} ${pushNo}`;

const pushNoSchema = z.object({ pushNo: shortText(64) });
const waitSchema = z.strictObject({ waitSeconds: z.coerce.number().int().min(0).max(20).default(0) });

/** Business system → central → window PC and back: docs/business-systems.md. */
export const pushRoutes = (app: FastifyInstance, { db, now, bell }: PushParts): void => {
  const { only, callerOf } = systemDoor(db, now);
  // A hall of three hundred windows pushes ten times a second at its busiest.
  const limit = new RateLimit({ burst: 200, everyMs: 20 });
  app.addHook("preClose", async () => bell.close());

  /** Looks until there is something, the caller has gone, or its time is over. */
  const look = async <T>(
    topics: readonly string[],
    seconds: number,
    reply: FastifyReply,
    read: () => Promise<{ value: T; isIt: boolean }>,
  ) => {
    const until = performance.now() + seconds * 1000;
    for (;;) {
      const ear = bell.listen(topics);
      reply.raw.once("close", ear.end);
      try {
        const { value, isIt } = await read();
        const leftMs = until - performance.now();
        if (isIt || leftMs <= 0 || bell.isClosed || reply.raw.destroyed) return value;
        await ear.heard(leftMs);
        if (reply.raw.destroyed) return value;
      } finally {
        reply.raw.off("close", ear.end);
        ear.end();
      }
    }
  };

  const isOver = ({ state }: PushState): boolean => state !== "waiting" && state !== "handed";

  app.post("/api/v1/push/orders", { onRequest: only("push") }, async (request, reply) => {
    const caller = callerOf(request);
    limit.require(String(caller.systemNo), now(), reply);
    const asked = parseRequest(pushRequestSchema, request.body);
    const { isNew, state } = await keepPush(db, caller, asked, now());
    if (isNew) await bell.ring(toWindow(asked.order.windowNo));
    if (asked.waitSeconds === 0 || isOver(state)) return reply.code(isNew ? 201 : 200).send(state);
    const waited = await look(
      [answersTo(caller.systemNo, asked.pushNo)],
      Math.min(asked.waitSeconds, asked.validSeconds),
      reply,
      async () => {
        const value = await readPush(db, caller, asked.pushNo, now());
        return { value, isIt: isOver(value) };
      },
    );
    return reply.code(isNew ? 201 : 200).send(waited);
  });

  app.get("/api/v1/push/orders/:pushNo", { onRequest: only("push") }, async (request, reply) => {
    const caller = callerOf(request);
    const { pushNo } = parseRequest(pushNoSchema, request.params);
    const { waitSeconds } = parseRequest(waitSchema, request.query);
    return look([answersTo(caller.systemNo, pushNo)], waitSeconds, reply, async () => {
      const value = await readPush(db, caller, pushNo, now());
      return { value, isIt: isOver(value) };
    });
  });

  app.post("/api/v1/push/links", { onRequest: only("push") }, async (request, reply) => {
    const caller = callerOf(request);
    limit.require(String(caller.systemNo), now(), reply);
    return reply.code(201).send(await makeEndLink(db, caller, parseRequest(linkRequestSchema, request.body), now()));
  });

  app.post("/sync/v1/pushes/take", async (request, reply): Promise<HandedPushes> => {
    const { windowPcId, windowNos, waitSeconds } = parseRequest(takePushesSchema, request.body);
    await authenticate(db, windowPcId, bearerToken(request));
    const pushes = await look(windowNos.map(toWindow), waitSeconds, reply, async () => {
      const value = await takePushes(db, windowPcId, windowNos, now());
      return { value, isIt: value.length > 0 };
    });
    return { pushes };
  });

  app.post("/sync/v1/pushes/answer", async (request) => {
    const answer = parseRequest(answerPushSchema, request.body);
    await authenticate(db, answer.windowPcId, bearerToken(request));
    const { systemNo, pushNo } = await answerPush(db, answer, now());
    await bell.ring(answersTo(systemNo, pushNo));
    return {};
  });
};
