import { levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";

/** Id of a profile: `<maker>/<model>`, which is its path below `profiles/` and what a pad says of itself in hello. */
export const PROFILE_ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;

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

const text = (max: number) => z.string().trim().min(1).max(max);
const usbId = z
  .string()
  .regex(/^[0-9a-f]{4}$/, "must be four hexadecimal digits in lower case, for instance 1a86")
  .describe("Four hexadecimal digits in lower case");

/** A list in which no value of one kind stands twice; each repeat is an issue at its own place. */
const listOf = <Schema extends z.ZodType>(entry: Schema, ...kinds: { what: string; of: (value: z.output<Schema>) => unknown }[]) =>
  z.array(entry).superRefine((entries, context) => {
    for (const { what, of } of kinds) {
      const values = entries.map(of);
      values.forEach((value, index) => {
        const first = values.indexOf(value);
        if (first < index)
          context.addIssue({ code: "custom", path: [index], message: `${what} ${value} stands in entry ${first} already` });
      });
    }
  });

const usbIdentitySchema = z
  .strictObject({
    vendorId: usbId,
    productId: usbId,
    serialNumber: text(64).optional().describe("Pattern of the serial number, * = any characters; only if the maker writes his own"),
    manufacturer: text(64).optional().describe("Text of the USB descriptor; only if the maker writes his own"),
    product: text(64).optional().describe("Text of the USB descriptor; only if the maker writes his own"),
    sharedBridgeChip: z.boolean().describe("true: many products have these ids, so they never match alone; the handshake decides"),
  })
  .refine((usb) => usb.sharedBridgeChip || !SHARED_BRIDGE_CHIPS.has(`${usb.vendorId}:${usb.productId}`), {
    path: ["sharedBridgeChip"],
    error: "must be true: many products have this chip, it must not match on its ids alone",
  });

const keySchema = z.strictObject({
  key: z.int().min(1).max(5).describe("Number of the key, 1 = leftmost"),
  level: levelSchema,
});

const quirkSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens"),
  reason: text(400).describe("Why: what was seen, on which firmware; nobody dares to remove a quirk without it"),
});

const onOpen = z
  .enum(["leave", "on", "off"])
  .describe("What to do with the line when the port opens; leave = do not touch it, some boards reset");

/** One pad model. Strict: an unknown key is an error, for it is more often a slip than a wish. */
export const profileSchema = z.strictObject({
  $schema: z.literal("../../schema/profile.schema.json").optional().describe("For editors: completes and checks while you type"),
  id: z
    .string()
    .regex(PROFILE_ID, "must be maker/model in lower case, for instance generic/five-button")
    .describe("maker/model; equal to the path"),
  maker: text(64).describe("Maker as printed on the pad"),
  model: text(64).describe("Model as printed on the pad"),
  description: z.strictObject({ zh: text(200), en: text(200) }),
  identity: z.strictObject({
    usb: z
      .array(usbIdentitySchema)
      .max(16)
      .describe("USB ids that the pad or its cable may show; empty for pads on a built-in serial port"),
  }),
  port: z.strictObject({
    baudRate: z.literal([1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600]),
    dataBits: z.literal([7, 8]),
    stopBits: z.literal([1, 2]),
    parity: z.enum(["none", "even", "odd"]),
    flowControl: z.enum(["none", "hardware", "software"]).describe("hardware = RTS/CTS, software = XON/XOFF"),
    dtrOnOpen: onOpen,
    rtsOnOpen: onOpen,
  }),
  protocol: z.enum(["window-rating/1"]).describe("What is spoken on the port; window-rating/1 = protocol/SPEC.md"),
  keys: listOf(keySchema, { what: "key", of: ({ key }) => key }, { what: "level", of: ({ level }) => level })
    .min(1)
    .max(5)
    .describe("Which key stands for which level; a level without a key cannot be given on this pad"),
  lamps: z.strictObject({ count: z.int().min(0).max(5).describe("Lamps that can be lit one by one, lamp 1 beside key 1") }),
  voice: z.strictObject({
    prompts: listOf(z.int().min(1).max(65535), { what: "prompt", of: (id) => id })
      .max(64)
      .describe("Numbers of the prompts that the pad can speak; empty = no voice"),
  }),
  limits: z.strictObject({
    eventCapacity: z.int().min(1).max(65535).describe("Events that the pad keeps through a loss of power"),
    maxFrame: z.int().min(254).max(4096).describe("Longest frame before stuffing that the pad takes, bytes"),
    window: z.int().min(1).max(8).describe("Most sequenced frames under way that the pad takes"),
  }),
  quirks: listOf(quirkSchema, { what: "quirk", of: ({ id }) => id })
    .max(32)
    .describe("Where the pad departs from what its protocol says"),
});

export type Profile = z.infer<typeof profileSchema>;
export type UsbIdentity = Profile["identity"]["usb"][number];
