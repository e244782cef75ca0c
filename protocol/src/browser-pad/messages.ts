import * as z from "zod/mini";

/**
 * What a browser pad and its window PC say to each other besides the pad protocol: how a tablet is admitted, and the text messages of its
 * WebSocket. Binary messages are bytes of protocol/SPEC.md, cut and joined as on any line.
 */

/** Model that a page says it is, as its profile has it. */
export const BROWSER_PAD_MODEL = "generic/browser-pad";

/** Subprotocol of the WebSocket. */
export const BROWSER_PAD_SUBPROTOCOL = "window-rating.pad.1";

/** The page, its admission and its line, of one window. */
export const windowPath = (windowNo: string): string => `/window/${encodeURIComponent(windowNo)}/`;
export const ADMISSION_PATH = "admission";
export const LINE_PATH = "line";

const base64url = (least: number, most: number) => z.string().check(z.regex(/^[A-Za-z0-9_-]*$/), z.minLength(least), z.maxLength(most));

/** A tablet shows the secret of the QR code, once, and says by which key it is to be known from then on. */
export const admissionSchema = z.strictObject({
  secret: base64url(22, 64),
  /** P-256, SubjectPublicKeyInfo; the private key never leaves the tablet's browser. */
  publicKey: base64url(100, 200),
});

export type Admission = z.infer<typeof admissionSchema>;

/** The name by which the window PC knows the key. */
const admittedSchema = z.strictObject({ device: base64url(22, 22) });

/** What the window PC says on the line. */
const toPageSchema = z.discriminatedUnion("is", [
  /** Show that you hold the key: sign `proofText`. */
  z.strictObject({ is: z.literal("prove"), nonce: base64url(43, 43) }),
  /** The line is yours. `pairs`: the tablet was admitted a moment ago, and is to be paired by itself. */
  z.strictObject({ is: z.literal("seated"), pairs: z.boolean() }),
]);
export type ToPage = z.infer<typeof toPageSchema>;

/** What the page says on the line. */
const fromPageSchema = z.discriminatedUnion("is", [
  z.strictObject({
    is: z.literal("proof"),
    device: base64url(22, 22),
    /** ECDSA with SHA-256 over `proofText`, as WebCrypto makes it: r and s. */
    signature: base64url(86, 86),
    serialNumber: z.string().check(z.regex(/^[\w-]{1,32}$/)),
    /** The pad holds a pairing key. */
    isPaired: z.boolean(),
    /** The browser has promised not to throw away what the page keeps. */
    isPersistent: z.boolean(),
  }),
  /** The code of the pairing under way, which the pad's screen would show to a person. */
  z.strictObject({ is: z.literal("code"), code: z.string().check(z.regex(/^[1-5]{8}$/)) }),
]);
export type FromPage = z.infer<typeof fromPageSchema>;

/** What a tablet signs: for this window of this PC, and for this connection alone. */
export const proofText = (origin: string, windowNo: string, nonce: string): string =>
  ["window-rating browser pad 1", origin, windowNo, nonce].join("\n");

/** Why the window PC closed a line, as the codes of the WebSocket. */
export const LINE_CLOSED = {
  /** This tablet is not admitted, or no longer. */
  notAdmitted: 4401,
  /** The same tablet has come by a newer connection. */
  cameAnew: 4409,
  /** Another tablet was put in its place. */
  replaced: 4410,
  /** It said nothing, or something else than it should. */
  misbehaved: 4400,
  tooMuch: 4429,
  /** The window PC lets the line go and takes it up again. */
  reopen: 4503,
} as const;

const read = <Message>(schema: z.ZodMiniType<Message>, text: string): Message | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Text of a message → what it says; undefined for anything else. */
export const readToPage = (text: string): ToPage | undefined => read(toPageSchema, text);
export const readFromPage = (text: string): FromPage | undefined => read(fromPageSchema, text);

/** The body of the answer to an admission → the device's name; undefined for anything else. */
export const readAdmitted = (text: string): string | undefined => read(admittedSchema, text)?.device;
