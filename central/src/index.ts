export { type Central, type CentralOptions, startCentral } from "./central.ts";
