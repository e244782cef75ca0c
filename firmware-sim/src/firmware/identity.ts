import type { PadIdentity } from "@window-rating/protocol/pad";
import type { EventBook } from "./event-book.ts";
import type { FirmwareOptions } from "./signals.ts";

/** What the pad says of itself in its answer to hello. */
export const identityOf = (
  { model, serialNumber, version, eventCapacity }: FirmwareOptions,
  { storeId, bootCount, pairingKey }: EventBook,
  capabilities: number,
): PadIdentity => ({
  ...{ model, serialNumber, firmware: version ?? "1.0.0" },
  ...{ storeId, bootCount, capabilities, eventCapacity },
  paired: pairingKey !== undefined,
});
