import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyReply, FastifyRequest } from "fastify";
import { may, type Permission, type Viewer } from "./viewer.ts";

/** Finds out who asks. */
export interface SessionDoor {
  /**
   * Who is signed in with this request; the session's idle time begins anew. Also looks whether a request that changes something can
   * only come from the console itself.
   * @throws WindowRatingError WR7050 nobody; WR7054 the start password must be changed first; WR7056 another page made the request
   */
  require(request: FastifyRequest, reply: FastifyReply): Promise<Viewer>;
  /** Whether who asked is still signed in, with the same role and scope: for answers that go on, as a stream. */
  isStill(request: FastifyRequest): Promise<boolean>;
}

declare module "fastify" {
  interface FastifyInstance {
    readonly sessionDoor: SessionDoor;
  }
  interface FastifyRequest {
    /** Who asks. Only behind `requireViewer`; without that hook reading it throws. */
    readonly viewer: Viewer;
  }
}

/**
 * A hook (`onRequest`) that lets in who is signed in and may do this, and tells by `request.viewer` who it is.
 * @throws WindowRatingError WR7050, WR7054, WR7056; WR7051 if the role or scope does not allow it
 */
export const requireViewer =
  (permission?: Permission) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const viewer = await request.server.sessionDoor.require(request, reply);
    if (permission !== undefined && !may(viewer, permission))
      throw new WindowRatingError("WR7051", `The role ${viewer.role} in this scope has no ${permission}`);
  };
