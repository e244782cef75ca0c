export { auditStore, type StoreAudit } from "./audit.ts";
export type { KeyNo, PadControls, PadFace } from "./face.ts";
export { MemoryPort } from "./ports/memory-port.ts";
export type { PadPort } from "./ports/pad-port.ts";
export { PtyPort } from "./ports/pty-port.ts";
export { TcpPort } from "./ports/tcp-port.ts";
export { type PadOptions, SimulatedPad } from "./simulator.ts";
