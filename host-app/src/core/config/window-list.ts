import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";

/** `tcp://host:port` or `rfc2217://host:port`; an IPv6 address stands in brackets. */
const NETWORK_PORT = /^(tcp|rfc2217):\/\/(?:[^\s/:[\]]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/;
/** `browser`: the pad is a page on a tablet or a second monitor (browser-pads/). */
const LOCAL_PORT = /^(auto|browser|\/\S+|COM\d{1,3}|\\\\\.\\\S+)$/;

export const padPortSchema = z
  .string()
  .max(512)
  .refine((port) => LOCAL_PORT.test(port) || (NETWORK_PORT.test(port) && Number(/\d+$/.exec(port)?.[0]) <= 65_535), {
    error: "expected auto, browser, a path as /dev/ttyUSB0 or COM3, tcp://host:port, or rfc2217://host:port",
  });

export const padProfileSchema = z
  .string()
  .max(512)
  .regex(/^(auto|[a-z0-9-]+\/[a-z0-9-]+|[^#]+\.json(#[a-z0-9-]+\/[a-z0-9-]+)?)$/, "expected auto, maker/model or a file as ./my-pad.json");

export const padSerialNumberSchema = z.string().trim().min(1).max(32).nullable();

/** One window of this PC, with the pad that stands at it. */
const windowSchema = z.strictObject({
  windowNo: windowNoSchema,
  pad: z
    .strictObject({
      port: padPortSchema.default("auto"),
      profile: padProfileSchema.default("auto"),
      serialNumber: padSerialNumberSchema.default(null),
    })
    .prefault({}),
});
export type WindowConfig = z.infer<typeof windowSchema>;

/** Most windows of one PC: a load test of a hall drives a thousand. */
const MOST_WINDOWS = 1024;

/** The windows of a PC that serves several. Each must be told from the others, and so must its pad. */
export const windowListSchema: z.ZodType<readonly WindowConfig[]> = z
  .array(windowSchema)
  .max(MOST_WINDOWS)
  .superRefine((windows, context) => {
    const numbers = new Map<string, string>();
    const ports = new Map<string, string>();
    const serials = new Map<string, string>();
    let searching: string | undefined;
    windows.forEach(({ windowNo, pad: { port, serialNumber } }, index) => {
      const clash = (path: string[], message: string): void => context.addIssue({ code: "custom", path: [index, ...path], message });
      const twin = (seen: Map<string, string>, key: string): string | undefined => {
        const other = seen.get(key);
        seen.set(key, windowNo);
        return other;
      };
      if (twin(numbers, windowNo) !== undefined) clash(["windowNo"], `two windows have the number ${windowNo}; give each its own`);
      if (serialNumber !== null) {
        const other = twin(serials, serialNumber);
        if (other !== undefined) {
          clash(["pad", "serialNumber"], `windows ${other} and ${windowNo} both wait for pad ${serialNumber}; a pad stands at one window`);
        }
      }
      // Each browser pad has a line of its own.
      if (port === "browser") return;
      if (port !== "auto") {
        const other = twin(ports, port);
        if (other !== undefined)
          clash(["pad", "port"], `windows ${other} and ${windowNo} both have their pad at ${port}; name another port`);
      } else if (serialNumber === null) {
        if (searching !== undefined) {
          clash(
            ["pad", "serialNumber"],
            `windows ${searching} and ${windowNo} would both take any pad that is found; give each the serial number of its pad, or a port`,
          );
        }
        searching ??= windowNo;
      }
    });
    if (searching !== undefined && windows.some(({ pad }) => pad.port === "auto" && pad.serialNumber !== null)) {
      const index = windows.findIndex(({ windowNo }) => windowNo === searching);
      context.addIssue({
        code: "custom",
        path: [index, "pad", "serialNumber"],
        message: `window ${searching} would take any pad, also that of another window; give it the serial number of its pad, or a port`,
      });
    }
  });

/** What of the configuration names windows and pads. */
interface NamesWindows {
  readonly windowNo: string;
  readonly pad: WindowConfig["pad"];
  readonly windows: readonly WindowConfig[];
}

/** The windows of this PC: those listed in `windows`, or the one that `windowNo` and `pad` describe. Never empty. */
export const windowsOf = ({ windows, windowNo, pad }: NamesWindows): readonly [WindowConfig, ...WindowConfig[]] => {
  const [first, ...others] = windows;
  if (first !== undefined) return [first, ...others];
  return [{ windowNo, pad: { port: pad.port, profile: pad.profile, serialNumber: pad.serialNumber } }];
};
