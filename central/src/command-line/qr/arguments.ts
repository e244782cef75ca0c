import { parseArgs } from "node:util";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { Storage } from "../../central.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../../channels/qr-picture.ts";
import type { Place } from "../../channels/static-codes.ts";
import { storageOf } from "../arguments.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";

export const QR_HELP = `window-central qr: QR codes to hang up, and the keys that sign codes

  window-central qr --window <number> | --hall <number> [--format ${PICTURE_FORMATS.join("|")}] [--out <file>] [--url <address>] [--renew]
  window-central qr keys
  window-central qr rotate
  window-central qr revoke <number of the key>

The code of a window is the same whenever it is printed. --renew takes the one before back, should it have been copied or hung elsewhere.
A rating by it counts for the one visit that ended at the window just then, or for none; see docs/central-channels.md.
rotate signs the codes of cases with another key from now on, and those before stay good until they expire; revoke ends them at once.

Storage:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given
  --contact-keys <file> keys, with PostgreSQL; the same file as of window-central serve

Options:
  --format <format>     svg with a caption, png, or terminal; by the name of --out if not given, else terminal
  --out <file>          write the picture there; standard output if not given
  --url <address>       where citizens reach central; what window-central site --public-url has set, if not given
  --json                print data as JSON
  --help                this text

Examples:
  window-central qr --window 12 --data ./central-data
  window-central qr --window 12 --out window-12.svg --url https://pj.example.gov.cn --data ./central-data
  window-central qr rotate --data ./central-data

Exit codes: 0 done, 1 failed, 2 command not understood
`;

interface Common {
  readonly storage: Storage;
  readonly contactKeys: string | undefined;
  readonly json: boolean;
}
export type QrCommand =
  | { readonly name: "help" }
  | (Common & {
      readonly name: "place";
      readonly place: Place;
      readonly renew: boolean;
      readonly format: PictureFormat;
      readonly out: string | undefined;
      readonly url: string | undefined;
    })
  | (Common & { readonly name: "keys" | "rotate" })
  | (Common & { readonly name: "revoke"; readonly keyNo: number });

const common = { data: z.string().min(1).optional(), "contact-keys": z.string().min(1).optional(), json: z.boolean().default(false) };
const shapes = {
  place: z.strictObject({
    ...common,
    window: windowNoSchema.optional(),
    hall: windowNoSchema.optional(),
    format: z.enum(PICTURE_FORMATS).optional(),
    out: z.string().min(1).optional(),
    url: z.url({ protocol: /^https?$/, error: "an address, as https://pj.example.gov.cn" }).optional(),
    renew: z.boolean().default(false),
  }),
  keys: z.strictObject(common),
};

/**
 * @param given the command line behind `qr`
 * @throws WindowRatingError WR8002
 */
export const readQrCommand = (given: readonly string[], databaseUrl: string | undefined): QrCommand => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  if (help === true) return { name: "help" };
  const [word, ...rest] = positionals;
  const read = <S extends z.ZodType<z.output<typeof shapes.keys>>>(shape: S, words: number) => {
    if (rest.length !== words)
      throw misunderstood(words === 0 ? `"${rest[0]}" follows the command` : `${word} needs the number that qr keys shows`);
    const parsed = shape.safeParse(options);
    if (!parsed.success) throw misunderstood(faultOf(parsed.error, "this command"));
    const { data, json, "contact-keys": contactKeys } = parsed.data;
    return { parsed: parsed.data, storage: storageOf(data, databaseUrl), contactKeys, json };
  };
  if (word === "keys" || word === "rotate") {
    const { parsed: _, ...asked } = read(shapes.keys, 0);
    return { name: word, ...asked };
  }
  if (word === "revoke") {
    const { parsed: _, ...asked } = read(shapes.keys, 1);
    const keyNo = z.coerce.number().int().min(1).max(255).safeParse(rest[0]);
    if (!keyNo.success) throw misunderstood("revoke needs the number that qr keys shows");
    return { name: word, keyNo: keyNo.data, ...asked };
  }
  if (word !== undefined) throw misunderstood(`qr knows keys, rotate and revoke, not "${word}"`);
  const { parsed, ...asked } = read(shapes.place, 0);
  const { window, hall, renew, out, url } = parsed;
  if ((window === undefined) === (hall === undefined)) throw misunderstood("qr needs either --window or --hall");
  const place: Place = window === undefined ? { kind: "hall", subjectNo: hall as string } : { kind: "window", subjectNo: window };
  const format = parsed.format ?? PICTURE_FORMATS.find((one) => out?.toLowerCase().endsWith(`.${one}`)) ?? "terminal";
  if (format === "png" && out === undefined) throw misunderstood("--format png needs --out");
  return { name: "place", place, renew, format, out, url, ...asked };
};

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        ...{ data: text, "contact-keys": text, window: text, hall: text, format: text, out: text, url: text },
        ...{ renew: flag, json: flag, help: { ...flag, short: "h" } },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};
