import { vi } from "vitest";

/**
 * How long a test waits for a condition before it fails, milliseconds. Vitest's own second is too short on a machine that
 * does other work too: the condition would have come, and the red run says nothing of the code.
 */
const PATIENCE_MS = 60_000;

type Options = Parameters<typeof vi.waitFor>[1];

const patient = (options: Options): Options => {
  const { timeout = 0, ...rest } = typeof options === "number" ? { timeout: options } : (options ?? {});
  return { ...rest, timeout: Math.max(timeout, PATIENCE_MS) };
};

const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
