import type { Interface } from "node:readline/promises";
import { expect, test, vi } from "vitest";
import { terminalPerson } from "./terminal-person.ts";

/** A terminal at which Enter is pressed when the test says so. */
const seat = () => {
  const told: string[] = [];
  let enter = (_typed?: string): void => {};
  const question = (text: string): Promise<string> => {
    told.push(text);
    return new Promise((resolve) => {
      enter = (typed = "") => resolve(typed);
    });
  };
  const person = terminalPerson({ question } as Pick<Interface, "question"> as Interface, (line) => told.push(line));
  return { person, told, enter: (typed?: string) => enter(typed) };
};

test("a key whose press the pad answers is asked for, and nobody waits", async () => {
  const { person, told } = seat();
  await person.press(4);
  expect(told).toEqual([expect.stringContaining("press key 4 once")]);
});

test("a key whose press the pad does not answer is over when Enter tells that it was pressed, however late", async () => {
  const { person, told, enter } = seat();
  let isOver = false;
  const pressed = person.pressed(1).then(() => {
    isOver = true;
  });
  expect(told).toEqual([expect.stringMatching(/press key 1 once, then press Enter/)]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  enter();
  await pressed;
});

test("somebody can do everything at the pad but touch a key for a few milliseconds", () => {
  const { person } = seat();
  expect(person.can.has("touch")).toBe(true);
  expect(person.can.has("brush")).toBe(false);
});

test("a question is asked again until it is answered with yes or no: Enter alone fails no pad", async () => {
  const { person, told, enter } = seat();
  const seen = person.sees("Do the keys look alike?");
  enter();
  await vi.waitUntil(() => told.length === 2);
  enter("y");
  expect(await seen).toBe(true);
  const unseen = person.sees("Do the keys look alike?");
  enter("否");
  expect(await unseen).toBe(false);
});
