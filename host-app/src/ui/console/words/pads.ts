import type { Words } from "./pairs.ts";

export const pads = {} as const satisfies Readonly<Record<string, Words>>;
