export { type Control, readControl } from "./control-file.ts";
export { startDeskApi } from "./desk-api.ts";
export { type Pairing, Pairings } from "./pairings.ts";
