export { loadConfig } from "./config/index.ts";
export { type HostOptions, type RunningHost, startHost } from "./host.ts";
