export * from "./batch.ts";
export * from "./case-code.ts";
export * from "./down.ts";
export * from "./entry.ts";
export * from "./heartbeat.ts";
export * from "./push.ts";
export * from "./window-pc-id.ts";
