import type { Words } from "./pairs.ts";

export const site = {} as const satisfies Readonly<Record<string, Words>>;
