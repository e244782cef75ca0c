import type { FastifyReply, FastifyRequest } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import { authenticateSystem, type Caller, type Scope } from "../registry/systems.ts";
import { RateLimit } from "./rate-limit.ts";

/** The door for business systems, each with its own token. */
export interface SystemDoor {
  /** A hook that lets in who has the scope. It is asked before the body is read: a stranger's file is not worth taking in. */
  only(scope: Scope): (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Who was let in with this request. */
  callerOf(request: FastifyRequest): Caller;
}

export const systemDoor = (db: CentralDatabase, now: () => number): SystemDoor => {
  // Wrong tokens are cheap to send; looking them up is not.
  const strangers = new RateLimit({ burst: 50, everyMs: 1000 });
  const callers = new WeakMap<FastifyRequest, Caller>();
  return {
    only: (scope) => async (request, reply) => {
      try {
        callers.set(request, await authenticateSystem(db, request.headers.authorization, scope));
      } catch (error) {
        strangers.require(request.ip, now(), reply);
        throw error;
      }
    },
    callerOf: (request) => callers.get(request) as Caller,
  };
};
