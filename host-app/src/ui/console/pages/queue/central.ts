import type { AnswerOf } from "../../../../messages/requests.ts";

/** What the page is told of central and of what waits for it. */
export type Central = AnswerOf<"central.read">;
