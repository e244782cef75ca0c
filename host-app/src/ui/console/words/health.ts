import type { Words } from "./pairs.ts";

export const health = {} as const satisfies Readonly<Record<string, Words>>;
