import { FRAME_FAULTS, MESSAGES } from "@window-rating/protocol/pad";
import { expect, test } from "vitest";
import { FAULT_WORDS, KEYPAD_WORDS, MESSAGE_WORDS } from "./frame-words.ts";

test("Every message of the pad protocol and every reason to throw bytes away has words in both languages, and there are no others", () => {
  expect(Object.keys(MESSAGE_WORDS).sort()).toEqual(Object.keys(MESSAGES).sort());
  for (const fault of FRAME_FAULTS) expect(FAULT_WORDS).toHaveProperty(fault);
  for (const [zh, en] of Object.values({ ...MESSAGE_WORDS, ...KEYPAD_WORDS, ...FAULT_WORDS })) {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\x20-\x7e]+$/);
  }
});
