import type { Message } from "@window-rating/protocol/pad";
import { must, type Probe } from "./probe.ts";

/** Statuses that the pad sent by itself have come after this. */
const SETTLED_MS = 300;

/** @throws Departure if the pad, asked for it, tells another phase */
export const mustSay = async (probe: Probe, phase: Message<"status">["phase"], when: string): Promise<void> => {
  await probe.pause(SETTLED_MS);
  const status = await probe.status();
  must(status.phase === phase, `${when} its phase is ${status.phase}, ${phase} would be right`);
};
