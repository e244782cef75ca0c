import { padStateSchema } from "@window-rating/protocol/desk";
import { z } from "zod";

const pairingSchema = z.object({
  is: z
    .enum(["none", "inviting", "asking", "press", "paired", "failed"])
    .describe("inviting: hold the pad's key; asking: type its code; press: press its key once more"),
  remainingMs: z.number().optional().describe("Until it is given up"),
  error: z.object({ code: z.string(), detail: z.string() }).optional(),
});

/** What a running window PC says of its pads, to `window-host pad`. No key is ever in it. */
export const padListSchema = z.object({
  unpaired: z.enum(["refuse", "admit"]).describe("The setting pad.unpaired"),
  windows: z.array(
    z.object({
      windowNo: z.string(),
      pad: padStateSchema,
      canBePaired: z.boolean().describe("A pad is there that knows how to"),
      pairing: pairingSchema,
    }),
  ),
  keys: z.array(z.object({ model: z.string(), serialNumber: z.string() })).describe("Pads of which this PC has a pairing key"),
});
export type PadList = z.infer<typeof padListSchema>;
