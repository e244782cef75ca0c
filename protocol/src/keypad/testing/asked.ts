import type { KeypadDescription } from "../description.ts";

type Request = NonNullable<KeypadDescription["requests"]["voice"]>;

/** A description whose pad can do everything beside ratings, is asked for it in each moment, and should answer it. */
export const asked = (description: KeypadDescription): KeypadDescription => {
  const { is } = description.framing;
  const request = (hex: string, word: string, data?: string): Request => {
    if (is === "byte") return { send: [{ data: data ?? hex }] };
    const send = [{ function: is === "line" ? word : hex, ...(data === undefined ? {} : { data }) }];
    return { send, expect: { function: is === "line" ? "DID" : "D0" }, withinMs: 1000, tries: 3 };
  };
  return {
    ...description,
    requests: {
      ...description.requests,
      lamps: request("61", "LAMP", "{lamps}"),
      beep: request("62", "BEEP", "{count}"),
      voice: request("63", "SAY", "{prompt}"),
      stars: request("64", "STAR", "{level}"),
      pause: request("65", "PAUSE"),
      resume: request("66", "GOON"),
    },
    moments: {
      invited: { lamps: 31, beep: 1, voice: 2 },
      stored: { voice: 3 },
      atRest: { lamps: 0, stars: "clerk" },
    },
  };
};
