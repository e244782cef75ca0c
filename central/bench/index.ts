export { rateAt } from "../test/citizen.ts";
export { STORAGES } from "../test/storages.ts";
export { WindowPc } from "../test/window-pc.ts";
export { BATCH, insertBare, openBareTable } from "./bare-insert.ts";
export { type HeldByCentral, openHeld } from "./held-by-central.ts";
export { prepareHall } from "./intake.ts";
export { listGenerated } from "./list.ts";
export { sweepOpenVisits } from "./sweep.ts";
