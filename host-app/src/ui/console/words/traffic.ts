import type { Words } from "./pairs.ts";

export const traffic = {} as const satisfies Readonly<Record<string, Words>>;
