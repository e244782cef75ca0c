import type { RequestDeclaration } from "./declaration.ts";

/** What the console may ask of the site: its settings, its clerks, the business systems that are paired. */
export const CONSOLE_SITE_REQUESTS = {} as const satisfies Readonly<Record<string, RequestDeclaration>>;
