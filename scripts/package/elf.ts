/** What a Linux program or library asks of the system it runs on. */
export interface ElfNeeds {
  readonly cpu: "x64" | "arm64" | "other";
  /** Libraries that must be there: `libc.so.6` */
  readonly libraries: readonly string[];
  /** Versions of their interfaces, by library: `libc.so.6` → `GLIBC_2.28` */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

const MAGIC = 0x7f454c46;
const MACHINES: Readonly<Record<number, ElfNeeds["cpu"]>> = { 62: "x64", 183: "arm64" };
const SECTION_DYNAMIC = 6;
const SECTION_VERSION_NEEDS = 0x6ffffffe;
const TAG_NEEDED = 1n;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Number of the section that holds its texts. */
  readonly link: number;
  readonly info: number;
}

/**
 * Reads a 64-bit little-endian ELF file: the ELF specification's section headers, `.dynamic` and `.gnu.version_r` (Linux Standard Base,
 * symbol versioning).
 * @returns null if the bytes are no such file
 */
export const readElf = (bytes: Buffer): ElfNeeds | null => {
  const is64BitLittleEndian = bytes.length >= 64 && bytes.readUInt32BE(0) === MAGIC && bytes[4] === 2 && bytes[5] === 1;
  if (!is64BitLittleEndian) return null;
  const start = Number(bytes.readBigUInt64LE(0x28));
  const [size, count] = [bytes.readUInt16LE(0x3a), bytes.readUInt16LE(0x3c)];
  const sections = Array.from({ length: count }, (_, i) => readSection(bytes, start + i * size));
  const textAt = (section: Section, place: number): string => {
    const from = (sections[section.link]?.offset ?? 0) + place;
    return bytes.toString("latin1", from, bytes.indexOf(0, from));
  };
  return {
    cpu: MACHINES[bytes.readUInt16LE(0x12)] ?? "other",
    libraries: sections.filter(({ type }) => type === SECTION_DYNAMIC).flatMap((section) => readLibraries(bytes, section, textAt)),
    versions: new Map(
      sections.filter(({ type }) => type === SECTION_VERSION_NEEDS).flatMap((section) => readVersions(bytes, section, textAt)),
    ),
  };
};

type TextAt = (section: Section, place: number) => string;

const readSection = (bytes: Buffer, at: number): Section => ({
  type: bytes.readUInt32LE(at + 4),
  offset: Number(bytes.readBigUInt64LE(at + 24)),
  size: Number(bytes.readBigUInt64LE(at + 32)),
  link: bytes.readUInt32LE(at + 40),
  info: bytes.readUInt32LE(at + 44),
});

const readLibraries = (bytes: Buffer, section: Section, textAt: TextAt): string[] => {
  const libraries: string[] = [];
  for (let at = section.offset; at < section.offset + section.size; at += 16) {
    if (bytes.readBigUInt64LE(at) === TAG_NEEDED) libraries.push(textAt(section, Number(bytes.readBigUInt64LE(at + 8))));
  }
  return libraries;
};

/** `info` counts the libraries; each has a list of versions, and both are chained by offsets from themselves. */
const readVersions = (bytes: Buffer, section: Section, textAt: TextAt): [string, string[]][] => {
  const found: [string, string[]][] = [];
  for (let at = section.offset, left = section.info; left > 0; left--) {
    const names: string[] = [];
    const count = bytes.readUInt16LE(at + 2);
    for (let version = at + bytes.readUInt32LE(at + 8), more = count; more > 0; more--) {
      names.push(textAt(section, bytes.readUInt32LE(version + 8)));
      version += bytes.readUInt32LE(version + 12);
    }
    found.push([textAt(section, bytes.readUInt32LE(at + 4)), names]);
    at += bytes.readUInt32LE(at + 12);
  }
  return found;
};
