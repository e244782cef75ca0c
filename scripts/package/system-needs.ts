import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readElf } from "./elf.ts";
import type { Machine } from "./lock-closure.ts";

/** What a laid-out package asks of the Linux it is put on, read from every program and library in it. */
export interface SystemNeeds {
  /** `2.34` */
  readonly glibc: string;
  /** Interface of the C++ library, `3.4.29`; null if nothing asks for it. */
  readonly libstdcxx: string | null;
  /** What asks for how much, for people: `app/node_modules/…/linux-x64.node` → `2.34` */
  readonly files: ReadonlyMap<string, string>;
}

/** Which Debian package version of libstdc++6 brings an interface: GCC's manual, "ABI Policy and Guidelines". */
const LIBSTDCXX_SINCE: Readonly<Record<string, string>> = {
  "3.4.21": "5",
  "3.4.22": "6",
  "3.4.23": "7",
  "3.4.24": "7",
  "3.4.25": "8",
  "3.4.26": "9",
  "3.4.27": "9",
  "3.4.28": "9",
  "3.4.29": "11",
  "3.4.30": "12",
  "3.4.31": "13",
  "3.4.32": "13",
  "3.4.33": "14",
};

/** @throws Error if a file is for another processor, or if one asks for a library that is not on every Linux */
export const systemNeeds = (folder: string, { cpu }: Machine): SystemNeeds => {
  const files = new Map<string, string>();
  const libstdcxx: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = path.join(entry.parentPath, entry.name);
    const elf = readElf(readFileSync(place));
    if (elf === null) continue;
    const name = path.relative(folder, place);
    if (elf.cpu !== cpu) throw new Error(`${name} is for ${elf.cpu}, the package for ${cpu}`);
    const strange = elf.libraries.filter((library) => !EVERYWHERE.test(library));
    if (strange.length > 0) throw new Error(`${name} needs ${strange.join(", ")}, which not every Linux has`);
    const versions = [...elf.versions.values()].flat();
    files.set(name, newest(versions, "GLIBC_") ?? "0");
    const cxx = newest(versions, "GLIBCXX_");
    if (cxx !== undefined) libstdcxx.push(cxx);
  }
  return {
    glibc: [...files.values()].sort(byVersion).at(-1) ?? "0",
    libstdcxx: libstdcxx.sort(byVersion).at(-1) ?? null,
    files,
  };
};

const EVERYWHERE = /^(lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|atomic)\.so\.\d+|ld-linux[^/]*\.so\.\d+)$/;

const newest = (versions: readonly string[], prefix: string): string | undefined =>
  versions
    .filter((version) => version.startsWith(prefix) && /\d$/.test(version))
    .map((version) => version.slice(prefix.length))
    .sort(byVersion)
    .at(-1);

const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

/** The `Depends` of a Debian package with these needs. */
export const debianDepends = ({ glibc, libstdcxx }: SystemNeeds): string => {
  const cxx = libstdcxx === null ? [] : [`libstdc++6 (>= ${LIBSTDCXX_SINCE[libstdcxx] ?? "14"})`];
  return [`libc6 (>= ${glibc})`, ...cxx, "init-system-helpers (>= 1.51)", "passwd", "util-linux"].join(", ");
};
