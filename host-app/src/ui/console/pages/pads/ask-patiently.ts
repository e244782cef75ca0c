import type { Reply } from "../../../../messages/client.ts";
import type { RequestName } from "../../../../messages/requests.ts";

/** The core takes so many questions a second and no more; one that came too soon is asked again, milliseconds. */
const AGAIN_MS = 500;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

/** Asks until it is not too soon: for what takes many questions in a row. */
export const askPatiently = async <Name extends RequestName>(ask: () => Promise<Reply<Name>>): Promise<Reply<Name>> => {
  for (;;) {
    const reply = await ask();
    if (reply.is !== "refused" || reply.error.code !== "WR5011") return reply;
    await pause(AGAIN_MS);
  }
};
