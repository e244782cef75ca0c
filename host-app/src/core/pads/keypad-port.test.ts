import { type ListedPort, loadProfiles } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { type KeypadPortOptions, keypadPort } from "./keypad-port.ts";
import type { OpenPort } from "./pad-port.ts";

const profile = loadProfiles().find(({ id }) => id === "generic/xor-five-key");
if (profile?.protocol !== "keypad") throw new Error("there is no such keypad");

const CH340 = { vendorId: "1a86", productId: "7523" };
const PORTS: readonly ListedPort[] = [
  { path: "/dev/ttyS0" },
  { path: "/dev/ttyUSB0", ...CH340, serialNumber: "A-1" },
  { path: "/dev/ttyUSB1", vendorId: "ffff", productId: "0001", serialNumber: "A-2" },
];

const EVENTS = { bytes: () => {}, closed: () => {} };

/** Opens by these rules; a port that opens tells its path. */
const open = (choice: Partial<Pick<KeypadPortOptions, "path" | "adapter" | "list">>): Promise<OpenPort> =>
  keypadPort({
    profile,
    path: "auto",
    adapter: null,
    list: async () => PORTS,
    open: async (path) => ({ name: path, kind: "serial", write: () => {}, close: async () => {} }),
    ...choice,
  })(EVENTS);

const refusal = async (opening: Promise<unknown>): Promise<WindowRatingError> => {
  const error = await opening.then(
    () => undefined,
    (why: unknown) => why,
  );
  if (!(error instanceof WindowRatingError)) throw new Error("it was opened");
  return error;
};

describe("the port of another maker's pad", () => {
  test("is the one that was named, with the serial number of its adapter if it has one", async () => {
    expect(await open({ path: "/dev/ttyUSB0" })).toMatchObject({ name: "/dev/ttyUSB0", adapter: "A-1" });
    expect((await open({ path: "/dev/ttyS0" })).adapter).toBeUndefined();
  });

  test("is found by the serial number of its adapter, whatever it is called now", async () => {
    expect(await open({ adapter: "A-2" })).toMatchObject({ name: "/dev/ttyUSB1", adapter: "A-2" });
    expect(await open({ path: "/dev/ttyUSB0", adapter: "A-2" })).toMatchObject({ name: "/dev/ttyUSB1" });
    expect(await refusal(open({ path: "/dev/ttyUSB0", adapter: "A-3" }))).toMatchObject({
      code: "WR3001",
      message: expect.stringContaining("A-3"),
    });
  });

  test("is found by its USB ids where one port alone fits; where several do none is opened, and they are named", async () => {
    expect(await open({})).toMatchObject({ name: "/dev/ttyUSB0" });
    const two = [...PORTS, { path: "/dev/ttyUSB7", ...CH340 }];
    const { code, message } = await refusal(open({ list: async () => two }));
    expect([code, message]).toEqual(["WR3001", expect.stringContaining("/dev/ttyUSB0, /dev/ttyUSB7")]);
    expect((await refusal(open({ list: async () => [] }))).code).toBe("WR3001");
  });

  test("needs no list of ports if it was named", async () => {
    const list = (): Promise<never> => Promise.reject(new Error("udevadm is not there"));
    expect((await open({ path: "/dev/ttyS0", list })).name).toBe("/dev/ttyS0");
    expect((await refusal(open({ list }))).message).toContain("udevadm is not there");
  });
});
