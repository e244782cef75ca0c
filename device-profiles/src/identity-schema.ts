import { z } from "zod";

/**
 * USB ids of bridge chips that hundreds of unrelated products share, pads of several makers among them. Alone they say nothing of what is
 * behind the chip (zigbee-herdsman, adapterDiscovery.ts, learned it with 10c4:ea60): a profile must mark them `sharedBridgeChip`.
 */
export const SHARED_BRIDGE_CHIPS: ReadonlyMap<string, string> = new Map([
  ["1a86:7523", "CH340"],
  ["1a86:5523", "CH341"],
  ["1a86:55d4", "CH9102"],
  ["10c4:ea60", "CP210x"],
  ["0403:6001", "FT232R"],
  ["0403:6015", "FT231X"],
  ["067b:2303", "PL2303"],
  ["067b:23a3", "PL2303GC"],
]);

export const text = (max: number) => z.string().trim().min(1).max(max);

const usbId = z
  .string()
  .regex(/^[0-9a-f]{4}$/, "must be four hexadecimal digits in lower case, for instance 1a86")
  .describe("Four hexadecimal digits in lower case");

const usbIdentitySchema = z
  .strictObject({
    vendorId: usbId,
    productId: usbId,
    interface: z.int().min(0).max(255).optional().describe("Number of the USB interface, if the device has several ports"),
    serialNumber: text(64).optional().describe("Pattern of the serial number, * = any characters; only if the maker writes his own"),
    manufacturer: text(64).optional().describe("Text of the USB descriptor; only if the maker writes his own"),
    product: text(64).optional().describe("Text of the USB descriptor; only if the maker writes his own"),
    sharedBridgeChip: z.boolean().describe("true: many products have these ids, so they never match alone; the handshake decides"),
  })
  .refine((usb) => usb.sharedBridgeChip || !SHARED_BRIDGE_CHIPS.has(`${usb.vendorId}:${usb.productId}`), {
    path: ["sharedBridgeChip"],
    error: "must be true: many products have this chip, it must not match on its ids alone",
  });
export type UsbIdentity = z.infer<typeof usbIdentitySchema>;

export const identitySchema = z.strictObject({
  usb: z.array(usbIdentitySchema).max(16).describe("USB ids that the pad or its cable may show; empty for pads on a built-in serial port"),
});

const onOpen = z
  .enum(["leave", "on", "off"])
  .describe("What to do with the line when the port opens; leave = do not touch it, some boards reset");

export const portSchema = z.strictObject({
  baudRate: z.literal([1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600]).describe("Speed, bits per second"),
  dataBits: z.literal([7, 8]).describe("Data bits of a character"),
  stopBits: z.literal([1, 2]).describe("Stop bits of a character"),
  parity: z.enum(["none", "even", "odd"]).describe("Parity bit of a character"),
  flowControl: z.enum(["none", "hardware", "software"]).describe("hardware = RTS/CTS, software = XON/XOFF"),
  dtrOnOpen: onOpen,
  rtsOnOpen: onOpen,
});

export const recoverySchema = z
  .strictObject({
    softReset: z
      .discriminatedUnion("by", [
        z.strictObject({ by: z.literal("nothing").describe("Not possible, or not allowed"), reason: text(400).describe("Why") }),
        z.strictObject({
          by: z.enum(["dtr-pulse", "rts-pulse"]).describe("Which line to pull"),
          pulseMs: z.int().min(10).max(2000).describe("How long"),
          bootMs: z.int().min(0).max(60_000).describe("How long the pad takes to be ready after it"),
        }),
      ])
      .describe("Last thing to try before a person must come: starts the pad anew over its line"),
  })
  .describe("What may be done to a pad that does not answer");
