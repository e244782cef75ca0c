import type { RequestDeclaration } from "./declaration.ts";

/** What the console may ask of the pads of this PC. */
export const CONSOLE_PAD_REQUESTS = {} as const satisfies Readonly<Record<string, RequestDeclaration>>;
