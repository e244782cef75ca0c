import type { LineSettings } from "@window-rating/protocol/rfc2217";
import type { Learned } from "./learn.ts";

/** What a profile says besides its description. */
export interface ProfileHead {
  /** `maker/model`. */
  readonly id: string;
  readonly line: LineSettings;
  /** USB ids of the port at which it was learnt; null if it has none. */
  readonly usb: { readonly vendorId: string; readonly productId: string } | null;
}

/** A profile file of what was learnt. */
export const profileText = ({ description, parity }: Learned, { id, line, usb }: ProfileHead): string => {
  const [maker, model] = id.split("/");
  const bits = parity === undefined ? { dataBits: line.dataBits, parity: line.parity } : { dataBits: 7, parity };
  return `${jsonText({
    id,
    maker,
    model,
    description: { zh: `自动识别的评价器 ${id}`, en: `Pad ${id}, learnt from its keys` },
    // Many products share the chips of USB cables: such ids alone never say what is behind them.
    identity: { usb: usb === null ? [] : [{ ...usb, sharedBridgeChip: true }] },
    port: {
      baudRate: line.baudRate,
      ...bits,
      stopBits: line.stopBits,
      flowControl: line.flowControl,
      dtrOnOpen: "leave",
      rtsOnOpen: "leave",
    },
    protocol: "keypad",
    lamps: { count: 0 },
    voice: { prompts: [] },
    recovery: { softReset: { by: "nothing", reason: "Nothing is known of a reset over the line" } },
    quirks: [],
    keypad: description,
  })}\n`;
};

const WIDTH = 120;

/** JSON for people: what fits on a line stands on one. */
const jsonText = (value: unknown, indent = ""): string => {
  const flat = flatText(value);
  if (typeof value !== "object" || value === null || (indent.length + flat.length <= WIDTH && indent !== "")) return flat;
  const inner = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((one) => inner + jsonText(one, inner))
    : Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${jsonText(one, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${members.join(",\n")}\n${indent}${close}`;
};

const flatText = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${flatText(one)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
};
