export * from "./clerk.ts";
export * from "./pairing.ts";
export * from "./paper.ts";
export * from "./together.ts";
export * from "./verbs.ts";
