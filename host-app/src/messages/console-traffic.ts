import type { RequestDeclaration } from "./declaration.ts";

/** What the console may ask of the frames on the wire, of the doctor, and for the bundle of logs. */
export const CONSOLE_TRAFFIC_REQUESTS = {} as const satisfies Readonly<Record<string, RequestDeclaration>>;
