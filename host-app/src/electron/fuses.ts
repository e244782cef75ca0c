import { type FuseConfig, FuseState, FuseV1Options, FuseVersion } from "@electron/fuses";

/** Switches that are burnt into the packed Electron: every one of them is decided here, and why. */
export const FUSES = {
  /** Whoever may set a variable must not get a Node that is signed as ours. The core runs in a utility process, which needs it not. */
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  /** We ship no snapshot of our own. */
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  /** The screens have a scheme of their own; file:// is not used. */
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  /** As V8 has it where nothing is set: out-of-bounds in WebAssembly traps. */
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies Record<FuseV1Options, boolean>;

/** For `flipFuses`, which then refuses an Electron that has a fuse we do not know. */
export const FUSE_CONFIG: FuseConfig = { version: FuseVersion.V1, strictlyRequireAllFuses: true, ...FUSES };

/**
 * What is read back from a packed Electron and is not as decided; empty when all is well.
 * @param wire as `getCurrentFuseWire` gives it
 */
export const wrongFuses = (wire: Readonly<Record<string, unknown>>): string[] => {
  const fuses = Object.keys(FuseV1Options).filter((key) => /^\d+$/.test(key));
  const known = fuses.map((key) => {
    const wanted = FUSES[Number(key) as FuseV1Options] ? FuseState.ENABLE : FuseState.DISABLE;
    return wire[key] === wanted ? null : `${FuseV1Options[Number(key)]} is ${stateName(wire[key])}, wanted is ${stateName(wanted)}`;
  });
  const strange = Object.keys(wire).filter((key) => /^\d+$/.test(key) && !fuses.includes(key));
  return [...known.filter((text) => text !== null), ...strange.map((key) => `fuse ${key} is not known here`)];
};

const stateName = (state: unknown): string => (typeof state === "number" ? (FuseState[state] ?? String(state)) : "missing");
