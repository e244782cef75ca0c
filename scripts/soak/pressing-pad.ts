import { flushCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { type KeyNo, PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import { seededRandom } from "../demo/rehearsal.ts";

// A pad in a process of its own, with a citizen who presses within 80 ms of every invitation, so that it can be killed in the middle of it.
const { values } = parseArgs({
  options: { link: { type: "string" }, store: { type: "string" }, seed: { type: "string" }, serial: { type: "string" } },
});
const random = seededRandom(Number(values.seed));
const pad = new SimulatedPad({
  port: new PtyPort(values.link as string),
  storeFile: values.store as string,
  serialNumber: values.serial as string,
});
let pressedFor: string | null = null;
pad.onChange(() => {
  const { phase, requestId } = pad.face;
  if (phase !== "inviting" || requestId === pressedFor) return;
  pressedFor = requestId;
  setTimeout(() => void pad.press((1 + Math.floor(random() * 5)) as KeyNo), random() * 80);
});
process.stdout.write("{}\n");
// It is always killed, so what it compiled must be kept now.
flushCompileCache();
