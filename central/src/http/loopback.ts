import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyRequest } from "fastify";

const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Whether a request comes from this machine, by its own name. */
export const isOfThisMachine = ({ ip, headers }: FastifyRequest): boolean =>
  LOOPBACK_ADDRESS.test(ip) && LOOPBACK_HOST.test(headers.host ?? "");

/**
 * Lets a request pass only from this machine and by its own name. Lists of ratings name clerks and cases and have no log-on
 * yet, so no other machine gets them; the check of Host keeps web pages out that point their own name at 127.0.0.1.
 * @throws WindowRatingError WR7014
 */
export const requireLoopback = async (request: FastifyRequest): Promise<void> => {
  if (isOfThisMachine(request)) return;
  throw new WindowRatingError("WR7014", "Ratings are listed for this machine alone");
};
