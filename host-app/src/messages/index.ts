export * from "./carrier.ts";
export * from "./client.ts";
export * from "./declaration.ts";
export * from "./envelope.ts";
export * from "./events.ts";
export * from "./exchange.ts";
export * from "./preferences.ts";
export * from "./requests.ts";
