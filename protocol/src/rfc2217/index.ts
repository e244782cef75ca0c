export { Rfc2217Client, type Rfc2217Effect, type Rfc2217Input, type Rfc2217Options, type SignalRule } from "./client.ts";
export type { LineSettings } from "./com-port.ts";
