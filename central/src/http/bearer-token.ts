import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyRequest } from "fastify";

/** The token of a window PC. @throws WindowRatingError WR7002 */
export const bearerToken = (request: FastifyRequest): string => {
  const token = /^Bearer ([\w-]{1,128})$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new WindowRatingError("WR7002", "The Authorization header holds no bearer token");
  return token;
};
