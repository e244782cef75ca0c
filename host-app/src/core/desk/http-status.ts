import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";

const STATUS: Partial<Record<ErrorCode, number>> = {
  WR1017: 409,
  WR1030: 400,
  WR1032: 409,
  WR1034: 409,
  WR1040: 403,
  WR1041: 409,
  WR1042: 409,
  WR1043: 409,
  WR1050: 409,
  WR1051: 409,
  WR1052: 409,
  WR1055: 409,
  WR4003: 507,
  WR5001: 401,
  WR5002: 403,
  WR5003: 400,
  WR5004: 409,
  WR5005: 409,
  WR5006: 409,
  WR5007: 409,
  WR5008: 403,
  WR5009: 409,
  WR5010: 404,
  WR5011: 429,
  WR5012: 405,
  WR5013: 413,
  WR5014: 415,
  WR5015: 408,
  WR5017: 400,
  WR5018: 409,
  WR5019: 403,
  WR5020: 429,
  WR5021: 400,
  WR5022: 403,
  WR5023: 409,
  WR5024: 409,
  WR5025: 400,
  WR5026: 409,
  WR5027: 403,
  WR5028: 409,
  WR5030: 403,
  WR5031: 409,
  WR5032: 403,
  WR5033: 409,
  WR5034: 404,
  WR5035: 409,
  WR5036: 403,
  WR5037: 410,
  WR8006: 503,
};

/** The HTTP status that goes with a code. */
export const httpStatusOf = (code: ErrorCode): number => STATUS[code] ?? (code.startsWith("WR4") ? 503 : 500);

/**
 * What a caller is told of any failure. Failures that are not declared are bugs: the caller learns that there was one,
 * the log learns which.
 */
export const answerableError = (error: unknown): WindowRatingError => {
  if (error instanceof WindowRatingError) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new WindowRatingError("WR5013", "the body is over 16 KiB", error);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new WindowRatingError("WR5014", "the body is not JSON", error);
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return new WindowRatingError("WR5003", String(message), error);
  }
  return new WindowRatingError("WR5016", "the request was not carried out", error);
};
