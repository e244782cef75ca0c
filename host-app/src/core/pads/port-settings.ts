import type { Profile } from "@window-rating/device-profiles";
import type { LineSettings, SignalRule } from "@window-rating/protocol/rfc2217";

/** What a pad needs of its port. */
export interface PortSettings {
  readonly line: LineSettings;
  readonly dtr: SignalRule;
  readonly rts: SignalRule;
  /** The line whose pulse resets the pad, if its profile allows that; null: the pad is never reset by its port. */
  readonly softReset: "dtr" | "rts" | null;
}

/** A pad of ours, unless a profile says otherwise (protocol/SPEC.md, section 1). */
export const DEFAULT_SETTINGS: PortSettings = {
  line: { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" },
  dtr: "leave",
  rts: "leave",
  softReset: null,
};

/** Quirks of a profile that allow a soft reset: each has its reason there. */
const RESET_QUIRKS = { "reset-by-dtr": "dtr", "reset-by-rts": "rts" } as const;

export const settingsOf = ({ port, quirks }: Pick<Profile, "port" | "quirks">): PortSettings => {
  const { baudRate, dataBits, stopBits, parity, flowControl, dtrOnOpen, rtsOnOpen } = port;
  const resets = quirks.map(({ id }) => RESET_QUIRKS[id as keyof typeof RESET_QUIRKS]).filter((line) => line !== undefined);
  return {
    line: { baudRate, dataBits, stopBits, parity, flowControl },
    dtr: dtrOnOpen,
    rts: rtsOnOpen,
    softReset: resets[0] ?? null,
  };
};
