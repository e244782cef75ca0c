import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakePad } from "./test/fake-pad.ts";
import { readWish, Visitor } from "./wishes.ts";

describe("a page's fingers", () => {
  let pad: FakePad;
  let visitor: Visitor;
  beforeEach(() => {
    vi.useFakeTimers();
    pad = new FakePad();
    visitor = new Visitor(pad);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("stay on a key for 80 ms at the least, for a click is shorter than the debounce time of a real key", () => {
    visitor.fulfil({ do: "keyDown", key: 5 });
    visitor.fulfil({ do: "keyUp", key: 5 });
    vi.advanceTimersByTime(79);
    expect(pad.done).toEqual(["down 5"]);
    vi.advanceTimersByTime(1);
    expect(pad.done).toEqual(["down 5", "up 5"]);
  });

  it("lift at once after a longer press", () => {
    visitor.fulfil({ do: "keyDown", key: 1 });
    vi.advanceTimersByTime(12_000);
    expect(pad.done).toEqual(["down 1"]);
    visitor.fulfil({ do: "keyUp", key: 1 });
    expect(pad.done).toEqual(["down 1", "up 1"]);
  });

  it("press once however often the page repeats itself", () => {
    for (let repeat = 0; repeat < 3; repeat++) {
      visitor.fulfil({ do: "keyDown", key: 2 });
      visitor.fulfil({ do: "keyUp", key: 2 });
    }
    vi.advanceTimersByTime(1000);
    visitor.fulfil({ do: "keyUp", key: 2 });
    expect(pad.done).toEqual(["down 2", "up 2"]);
  });

  it("leave no key and no timer behind when the page goes", () => {
    visitor.fulfil({ do: "keyDown", key: 1 });
    visitor.fulfil({ do: "keyUp", key: 1 });
    visitor.fulfil({ do: "keyDown", key: 4 });
    visitor.leave();
    expect(pad.done).toEqual(["down 1", "down 4", "up 1", "up 4"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("a wish is read strictly", () => {
  expect(readWish('{"do":"keyDown","key":3}')).toEqual({ do: "keyDown", key: 3 });
  for (const text of ["", "null", "[]", '{"do":"keyDown","key":0}', '{"do":"plug","key":1}']) expect(readWish(text)).toBeUndefined();
});
