import { expect, test } from "vitest";
import { lockMs } from "./failures.ts";
import { addressGroup } from "./sign-in.ts";

const MINUTE = 60_000;

test("the fifth wrong password locks a name for a minute, and each further one twice as long, up to four hours", () => {
  expect([1, 2, 3, 4].map((failures) => lockMs("name", failures))).toEqual([0, 0, 0, 0]);
  expect([5, 6, 7, 8].map((failures) => lockMs("name", failures) / MINUTE)).toEqual([1, 2, 4, 8]);
  expect([13, 14, 1000, 2 ** 31 - 1].map((failures) => lockMs("name", failures) / MINUTE)).toEqual([240, 240, 240, 240]);
});

test("an address has more tries, since a whole office may share it", () => {
  expect(lockMs("address", 29)).toBe(0);
  expect([30, 31, 40].map((failures) => lockMs("address", failures) / MINUTE)).toEqual([1, 2, 60]);
});

test("all addresses of one IPv6 network count as one, and an IPv4 address counts alike however it is written", () => {
  for (const [address, group] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ] as const)
    expect([address, addressGroup(address)]).toEqual([address, group]);
});
