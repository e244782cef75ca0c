import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { SetupError, step } from "./steps.mjs";

/** A stream that keeps what is written to it, as a terminal or as a file. */
function paper(isTTY: boolean) {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY }) as unknown as NodeJS.WriteStream;
  return { stream, text: (): string => stream.read() ?? "" };
}

test("a terminal shows the progress on one line that is redrawn, and ends with the result", async () => {
  vi.useFakeTimers();
  const { stream, text } = paper(true);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = step(
    "packages",
    (update) => {
      update(50, 200);
      return promise;
    },
    stream,
  );
  await vi.advanceTimersByTimeAsync(150);
  expect(text()).toBe("\r\x1b[Kset-up: packages … [#####---------------] 50/200 0.1 s");
  resolve();
  await running;
  expect(text()).toBe("\r\x1b[Kset-up: packages: done (0.1 s)\n");
  vi.useRealTimers();
});

test("a file gets plain lines: a reminder every ten seconds, and the result", async () => {
  vi.useFakeTimers();
  const { stream, text } = paper(false);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = step("packages", () => promise, stream);
  await vi.advanceTimersByTimeAsync(20_000);
  resolve();
  await running;
  expect(text()).toBe("set-up: packages … 10.0 s\nset-up: packages … 20.0 s\nset-up: packages: done (20.0 s)\n");
  vi.useRealTimers();
});

test("a step that fails is called failed, and its error goes on to the caller", async () => {
  const { stream, text } = paper(false);
  const error = new SetupError("npm ci failed", "Try again.", "npm error");
  await expect(step("packages", () => Promise.reject(error), stream)).rejects.toBe(error);
  expect(text()).toMatch(/^set-up: packages: failed \(\d\.\d s\)\n$/);
});
