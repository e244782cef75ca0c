import { networkInterfaces } from "node:os";

/** Changes whenever this machine gets or loses an address that leads out of it: a cable plugged in, Wi-Fi back, a new lease. */
export const networkFingerprint = (): string =>
  Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).filter(({ internal }) => !internal).map(({ cidr }) => `${name} ${cidr}`))
    .sort()
    .join("\n");
