/** What a Windows program or library says of the system it was made for. */
export interface PeNeeds {
  readonly cpu: "x64" | "arm64" | "other";
  /** Least version of Windows that loads it: 6.0 is Vista, 6.1 is 7, 10.0 is 10. What it calls may be newer. */
  readonly subsystem: { readonly major: number; readonly minor: number };
}

const MACHINES: Readonly<Record<number, PeNeeds["cpu"]>> = { 34404: "x64", 43620: "arm64" };
const PE32_PLUS = 0x20b;

/**
 * Reads the headers of a 64-bit PE file (Microsoft's PE format: signature, COFF header, optional header).
 * @returns null if the bytes are no such file
 */
export const readPe = (bytes: Buffer): PeNeeds | null => {
  if (bytes.length < 64 || bytes.toString("latin1", 0, 2) !== "MZ") return null;
  const signature = bytes.readUInt32LE(0x3c);
  const optional = signature + 24;
  if (bytes.length < optional + 72 || bytes.toString("latin1", signature, signature + 4) !== "PE\0\0") return null;
  if (bytes.readUInt16LE(optional) !== PE32_PLUS) return null;
  return {
    cpu: MACHINES[bytes.readUInt16LE(signature + 4)] ?? "other",
    subsystem: { major: bytes.readUInt16LE(optional + 48), minor: bytes.readUInt16LE(optional + 50) },
  };
};
