import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SeededBytes } from "../../../test/seeded-bytes.ts";
import { Probe } from "./probe.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

test("nothing that the tester says by itself cuts a frame that goes byte by byte: it is said behind it", async () => {
  const written: Uint8Array[] = [];
  const probe = new Probe({
    open: async () => ({ write: (bytes) => written.push(bytes.slice()), close: async () => undefined }),
    random: new SeededBytes("trickle").next,
    now: () => performance.now(),
  });
  await probe.open();
  probe.session = 7;
  const frame = probe.frame(
    0x1f,
    Uint8Array.from({ length: 20 }, (_, index) => index + 1),
  );
  const done = probe.trickle(frame, 100);
  // Long enough for some of its pings.
  await vi.advanceTimersByTimeAsync(100 * frame.length);
  await done;
  expect(Buffer.concat(written.slice(0, frame.length))).toEqual(Buffer.from(frame));
  expect(written.length).toBeGreaterThan(frame.length);
  await probe.close();
});
