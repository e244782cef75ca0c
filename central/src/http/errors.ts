import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";
import type { Refusal } from "../ratings/rules.ts";

const STATUS: Partial<Record<ErrorCode, number>> = {
  WR7001: 400,
  WR7002: 401,
  WR7003: 403,
  WR7012: 404,
  WR7013: 413,
  WR7014: 403,
  WR7015: 503,
  WR7017: 401,
  WR7018: 422,
  WR7020: 409,
  WR7021: 404,
  WR7022: 422,
  WR7023: 409,
  WR7024: 403,
  WR7025: 422,
  WR7026: 403,
  WR7027: 422,
  WR7028: 404,
  WR7029: 429,
  WR7030: 401,
  WR7031: 422,
  WR7032: 422,
  WR7033: 422,
  WR7035: 409,
  WR7038: 401,
  WR7040: 404,
  WR7041: 410,
  WR7042: 409,
  WR7043: 403,
  WR7044: 503,
  WR7045: 409,
  WR7046: 422,
  WR7050: 401,
  WR7051: 403,
  WR7052: 401,
  WR7053: 429,
  WR7054: 403,
  WR7055: 422,
  WR7056: 403,
  WR7057: 404,
  WR7058: 409,
  WR7059: 403,
  WR7061: 401,
  WR7062: 403,
  WR7063: 404,
  WR7064: 409,
  WR7102: 404,
  WR7103: 400,
  WR7104: 422,
  WR7106: 400,
  WR7107: 409,
  WR8009: 422,
  WR8010: 409,
  WR8011: 409,
  WR8012: 422,
};

/** Parses what came from outside. @throws WindowRatingError WR7001 naming the field */
export const parseRequest = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WindowRatingError("WR7001", `${issue?.path.join(".") || "request"}: ${issue?.message ?? "not valid"}`);
};

/** A refused rating as the error that its sender gets, with the field at fault. */
export const refusalError = ({ code, field, detail }: Refusal): WindowRatingError => new WindowRatingError(code, `${field}: ${detail}`);

/** HTTP status with which an error is answered. */
export const statusOf = ({ code }: WindowRatingError): number => STATUS[code] ?? 500;

/** Any error as one of ours: the framework's own refusals, and what nobody foresaw. */
export const toRating = (error: unknown): WindowRatingError => {
  if (error instanceof WindowRatingError) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new WindowRatingError("WR7013", "The body is too long", error);
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return new WindowRatingError("WR7001", String(message), error);
  return new WindowRatingError("WR7015", "The request could not be worked off", error);
};

const send = (reply: FastifyReply, error: WindowRatingError) => {
  const status = statusOf(error);
  if (status === 503) reply.header("retry-after", "5");
  return reply.code(status).send({ error });
};

/** Every error leaves as `{ "error": { code, title, detail, advice } }`. */
export const answerErrors = (app: FastifyInstance): void => {
  app.setErrorHandler((error, request, reply) => {
    const answer = toRating(error);
    if (answer.code === "WR7015") request.log.error({ err: error, route: request.routeOptions.url }, "request failed");
    return send(reply, answer);
  });
  app.setNotFoundHandler((request, reply) =>
    send(reply, new WindowRatingError("WR7012", `${request.method} ${request.url.split("?")[0]}`)),
  );
};

/** The same for what is refused before a route is found: a malformed URL. */
export const answerFrameworkError = (error: unknown, reply: FastifyReply): void => {
  void send(reply, toRating(error));
};
