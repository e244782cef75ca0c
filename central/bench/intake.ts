import { Agent, request } from "node:http";
import { batchAnswerSchema } from "@window-rating/protocol/sync";
import { openPostgres } from "../src/database/open.ts";
import { makeEnrolmentCode } from "../src/enrolment.ts";
import { MORNING_MS, WindowPc } from "../test/window-pc.ts";
import { BATCH } from "./bare-insert.ts";

/** Window PCs with entries that are signed and written as requests before anything is measured. */
export interface PreparedHall {
  /** Every window PC sends its next batches, one after the other, all PCs at the same time. @returns entries a second */
  send(batchesEach: number): Promise<number>;
  close(): void;
}

/**
 * Enrols window PCs at a central and prepares their batches.
 * @param url of the central
 * @param databaseUrl its PostgreSQL, for the enrolment codes
 */
export const prepareHall = async (url: string, databaseUrl: string, pcs: number, batchesEach: number): Promise<PreparedHall> => {
  const agent = new Agent({ keepAlive: true });
  const db = await openPostgres(databaseUrl, Date.now, () => {});
  const senders: { readonly token: string; readonly bodies: Buffer[] }[] = [];
  for (let index = 1; index <= pcs; index++) {
    const pc = new WindowPc(`bench ${index}`, String(index));
    await pc.enrol(url, (await makeEnrolmentCode(db, pc.windowNo, 60, Date.now())).code);
    const bodies = Array.from({ length: batchesEach }, () =>
      Buffer.from(JSON.stringify({ windowPcId: pc.windowPcId, sentAtMs: MORNING_MS, entries: pc.entries(BATCH) })),
    );
    senders.push({ token: pc.token, bodies });
  }
  await db.destroy();
  return {
    async send(count) {
      const startedMs = performance.now();
      await Promise.all(
        senders.map(async ({ token, bodies }) => {
          for (const body of bodies.splice(0, count)) await post(agent, url, token, body);
        }),
      );
      return (pcs * count * BATCH * 1000) / (performance.now() - startedMs);
    },
    close: () => agent.destroy(),
  };
};

/** @throws Error unless every entry is stored */
const post = (agent: Agent, url: string, token: string, body: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length, authorization: `Bearer ${token}` };
    const sent = request(`${url}/sync/v1/batches`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`central answered ${response.statusCode}: ${text}`));
        const { answers } = batchAnswerSchema.parse(JSON.parse(text));
        const odd = answers.find(({ answer }) => answer !== "stored");
        if (odd === undefined) resolve();
        else reject(new Error(`an entry was not stored: ${JSON.stringify(odd)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
