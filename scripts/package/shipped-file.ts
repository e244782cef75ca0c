import type { Machine } from "./lock-closure.ts";

/** Text for developers, types, maps, sources of machine code, and everybody's own tests. */
const NOT_NEEDED = [
  /(^|\/)(test|tests|__tests__|benchmarks?|bench|examples?|docs|\.[^/]+)\//,
  /\.(md|markdown|[cm]?tsx?|map|flow|gypi?|cc|cpp|c|h|hpp|ya?ml|tsbuildinfo|sh|patch|png|svg|jst|pug|html)$/i,
  /(^|\/)(tsconfig[^/]*\.json|\.[^/]+|changelog[^/]*|history[^/]*|makefile|package-lock\.json|eslint\.config\.[cm]?js)$/i,
];

/** Kept wherever it lies: the licences ask for it. */
const LICENCE = /(^|\/)(licen[cs]e|copying|notice|third-party)[^/]*$/i;

/** `prebuilds/linux-x64.node` and `prebuilds/linux-x64/name.glibc.node` */
const PREBUILT = /^prebuilds\/(?<system>[a-z0-9]+)-(?<cpus>[a-z0-9+]+)(?:\.node|\/(?<name>[^/]+)\.node)$/;

/**
 * Whether a file of an npm package goes into the packages for a machine.
 * @param file its path inside the npm package, with forward slashes
 */
export const isShipped = (file: string, { os, cpu }: Machine): boolean => {
  if (LICENCE.test(file)) return true;
  if (file.endsWith(".node")) {
    const { system, cpus = "", name = "" } = PREBUILT.exec(file)?.groups ?? {};
    return system === os && cpus.split("+").includes(cpu) && !name.includes("musl");
  }
  return !NOT_NEEDED.some((pattern) => pattern.test(file));
};

/** Whether a file of an npm package, whose code is in a bundle, goes into the packages all the same: it tells the version and the licence. */
export const isInventory = (file: string): boolean => file === "package.json" || LICENCE.test(file);
