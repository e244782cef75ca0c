export { STORAGES } from "../test/storages.ts";
export { BATCH, insertBare, openBareTable } from "./bare-insert.ts";
export { prepareHall } from "./intake.ts";
export { sweepOpenVisits } from "./sweep.ts";
