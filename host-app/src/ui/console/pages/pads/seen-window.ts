import type { AnswerOf } from "../../../../messages/requests.ts";

/** One window of the page: what is listed of it, and what its line counts. */
export type SeenWindow = AnswerOf<"pads.read">["list"]["windows"][number] & Omit<AnswerOf<"pads.read">["windows"][number], "windowNo">;
