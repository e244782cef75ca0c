export { loadConfig } from "./config/index.ts";
export { type HostOptions, type RunningHost, startHost } from "./host.ts";
export { verifyChain } from "./identity/entry-chain.ts";
export { openSendingPc, type SendingPc } from "./sending-pc.ts";
