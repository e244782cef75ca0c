import type { Message } from "@window-rating/protocol/pad";
import { type TouchAnswer, touchAnswerSchema } from "@window-rating/protocol/sync";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/**
 * What a touchscreen took beside the level, as an entry carries it. A part that central would refuse is left out: the level must not be
 * lost for a reason code that no list can have.
 */
export const touchAnswerOf = (event: Message<"touchRated">): TouchAnswer => {
  const { shape } = touchAnswerSchema;
  const reasonList = shape.reasonList.safeParse(event.reasonList).data ?? null;
  const reasons = reasonList === null ? [] : event.reasons.filter((code) => shape.reasons.safeParse([code]).success);
  const sealed = event.sealed.length === 0 ? null : { keyId: hex(event.sealedFor), data: Buffer.from(event.sealed).toString("base64") };
  return {
    reasonList,
    reasons,
    sealed: shape.sealed.safeParse(sealed).data ?? null,
    completed: event.completed === "confirmed" ? "confirmed" : "time-up",
    language: shape.language.safeParse(event.language).data ?? "und",
  };
};
