import type { Profile } from "@window-rating/device-profiles";
import type { LineSettings, SignalRule } from "@window-rating/protocol/rfc2217";

/** What a pad needs of its port. */
export interface PortSettings {
  readonly line: LineSettings;
  readonly dtr: SignalRule;
  readonly rts: SignalRule;
  /** null: the pad is never reset by its port. */
  readonly softReset: SoftReset | null;
}

/** How a pad starts anew by a line of its port, if its profile allows that. */
export interface SoftReset {
  readonly signal: "dtr" | "rts";
  readonly pulseMs: number;
  /** How long it takes to be ready after it. */
  readonly bootMs: number;
}

/** A pad of ours, unless a profile says otherwise (protocol/SPEC.md, section 1). */
export const DEFAULT_SETTINGS: PortSettings = {
  line: { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" },
  dtr: "leave",
  rts: "leave",
  softReset: null,
};

/** What a line carries in a second: a byte is ten bits with its start and stop. */
export const bytesPerSecondOf = ({ line: { baudRate } }: Pick<PortSettings, "line">): number => baudRate / 10;

/** How the port of a profile's pad is opened, and whether its pad may be reset. */
export const settingsOf = ({ port, recovery }: Pick<Profile, "port" | "recovery">): PortSettings => {
  const { baudRate, dataBits, stopBits, parity, flowControl, dtrOnOpen, rtsOnOpen } = port;
  return {
    line: { baudRate, dataBits, stopBits, parity, flowControl },
    dtr: dtrOnOpen,
    rts: rtsOnOpen,
    softReset: softResetOf(recovery.softReset),
  };
};

const softResetOf = (rule: Profile["recovery"]["softReset"]): SoftReset | null => {
  if (rule.by === "nothing") return null;
  const { by, pulseMs, bootMs } = rule;
  return { signal: by === "dtr-pulse" ? "dtr" : "rts", pulseMs, bootMs };
};
