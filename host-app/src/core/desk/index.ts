export { startDeskApi } from "./desk-api.ts";
