import { expect, test } from "vitest";
import { serialError } from "./serial-port.ts";

// As the kernel's words arrive through serialport on Linux, and Windows' own.
test.each([
  ["Error: No such file or directory, cannot open /dev/ttyUSB0", "WR3001"],
  ["Opening COM7: File not found", "WR3001"],
  ["Error: Permission denied, cannot open /dev/ttyUSB0", "WR3002"],
  // What a service is told whose unit does not let it have the device.
  ["Error: Operation not permitted, cannot open /dev/ttyUSB0", "WR3002"],
  ["Opening COM7: Access denied", "WR3002"],
  ["Error: Resource temporarily unavailable Cannot lock port", "WR3003"],
  ["Error: Device or resource busy, cannot open /dev/ttyUSB0", "WR3003"],
  ["Error: Input/output error", "WR3005"],
])('a port that fails with "%s" is %s', (said, code) => {
  expect(serialError("/dev/ttyUSB0", new Error(said)).code).toBe(code);
});
