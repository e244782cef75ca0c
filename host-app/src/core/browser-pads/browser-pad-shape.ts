import { z } from "zod";

export const offeredPageSchema = z.object({
  windowNo: z.string(),
  url: z.string().describe("For one tablet, which becomes the window's pad by opening it; never to be shown to citizens"),
  expiresInMs: z.number().int(),
});
export type OfferedPage = z.infer<typeof offeredPageSchema>;

export const browserPadListSchema = z.object({
  origin: z.string().nullable().describe("Under which the page is served; null: it is not, and failure says why"),
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  certificateUntil: z.iso.datetime().nullable().describe("null: without TLS, for this PC alone"),
  windows: z.array(
    z.object({
      windowNo: z.string(),
      tablet: z
        .object({
          serialNumber: z.string().nullable(),
          admittedAt: z.iso.datetime(),
          isConnected: z.boolean(),
          isPersistent: z.boolean().nullable().describe("Whether its browser promised to keep what is not delivered; null: not connected"),
        })
        .nullable(),
    }),
  ),
});
export type BrowserPadList = z.infer<typeof browserPadListSchema>;
