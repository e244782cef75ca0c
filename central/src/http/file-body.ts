import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { IMPORT_KINDS } from "../imports/kinds.ts";

/** `?kind=…&mode=…&fileName=…` beside a file. */
export const importQuerySchema = z.strictObject({
  kind: z.enum(IMPORT_KINDS),
  mode: z.enum(["dry-run", "apply"]),
  fileName: z
    .string()
    .max(200)
    .regex(/^\P{Cc}*$/u, "no control characters")
    .default(""),
});

/** In this scope the body of a request is a file, taken as it is whatever its content type. */
export const fileBodies = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
};

/** @throws WindowRatingError WR7031 */
export const fileOf = ({ body }: FastifyRequest): Buffer => {
  if (!Buffer.isBuffer(body)) throw new WindowRatingError("WR7031", "The body is the file, and there is none");
  return body;
};
