import { z } from "zod";
import { SENDERS } from "../messages/declaration.ts";

/** What Electron's main process and the core's own process say to each other; both ends check it. */
export const toCoreSchema = z.discriminatedUnion("is", [
  /** A port comes with it. */
  z.strictObject({ is: z.literal("screen"), screen: z.enum(SENDERS), windowNo: z.string().nullable() }),
  z.strictObject({ is: z.literal("close") }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

const healthSchema = z.strictObject({
  windowPcId: z.string().nullable(),
  windows: z.array(z.strictObject({ windowNo: z.string(), pad: z.string() })),
  waiting: z.number().int(),
  setAside: z.number().int(),
  /** A citizen is asked, or a case is in progress. */
  isBusy: z.boolean(),
});
/** What the tray shows and what an update waits for. No level, no name. */
export type CoreHealth = z.infer<typeof healthSchema>;

export const fromCoreSchema = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("ready"), windowNos: z.array(z.string()).min(1) }),
  /** The core runs, and serves nothing but the rescue of its database; ready follows when it is sound again. */
  z.strictObject({ is: z.literal("rescue"), code: z.string() }),
  z.strictObject({ is: z.literal("failed"), code: z.string().nullable(), text: z.string() }),
  z.strictObject({ is: z.literal("health"), health: healthSchema }),
]);
export type FromCore = z.infer<typeof fromCoreSchema>;
