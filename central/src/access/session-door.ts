import { fastifyCookie } from "@fastify/cookie";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import { OwnCookie, requireOwnPage } from "./session-cookie.ts";
import type { SessionDoor } from "./session-hook.ts";
import { readSession, type Session } from "./sessions.ts";

interface DoorParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
}

export const SESSION_COOKIE = new OwnCookie("", "strict");

/** The door with what only the routes about sessions need. */
export interface OwnSessionDoor extends SessionDoor {
  /**
   * The session of a request, also one whose start password was not changed yet.
   * @throws WindowRatingError WR7050, WR7056
   */
  session(request: FastifyRequest): Promise<Session>;
}

/** Makes `requireViewer` and `request.viewer` work for every route of this server. */
export const openSessionDoor = (app: FastifyInstance, { db, now }: DoorParts): OwnSessionDoor => {
  const entered = new WeakMap<FastifyRequest, Session>();
  const current = async (request: FastifyRequest): Promise<Session | undefined> => {
    const token = SESSION_COOKIE.read(request);
    return token === undefined ? undefined : readSession(db, token, now());
  };
  const door: OwnSessionDoor = {
    async session(request) {
      requireOwnPage(request);
      const session = await current(request);
      if (session === undefined) throw new WindowRatingError("WR7050", "This browser has no session that is open");
      entered.set(request, session);
      return session;
    },
    async require(request: FastifyRequest, reply: FastifyReply) {
      const { viewer, mustChangePassword } = await door.session(request);
      if (mustChangePassword) throw new WindowRatingError("WR7054", "This account still has the password that it was made with");
      // Whatever is answered is for this viewer alone.
      reply.header("cache-control", "no-store");
      return viewer;
    },
    async isStill(request) {
      const session = await current(request);
      const before = entered.get(request);
      return session !== undefined && before !== undefined && isSameAccess(session, before);
    },
  };
  void app.register(fastifyCookie);
  app.decorate("sessionDoor", door);
  app.decorateRequest("viewer", {
    getter() {
      const session = entered.get(this);
      if (session === undefined) throw new Error(`${this.routeOptions.url} asks for the viewer without requireViewer`);
      return session.viewer;
    },
  });
  return door;
};

const isSameAccess = ({ sessionNo, viewer }: Session, before: Session): boolean =>
  sessionNo === before.sessionNo &&
  viewer.role === before.viewer.role &&
  JSON.stringify(viewer.scope) === JSON.stringify(before.viewer.scope);
