import { MESSAGES, SECURED_FLAG } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { must } from "./probe.ts";

/** As many as the bits of an ack tell, and more than most pads take. */
const MOST = 4;

/** What a pad does that takes more than one frame at a time. */
export const WINDOW_ITEMS: readonly Item[] = [
  {
    id: "C56",
    needs: [],
    unless: ({ probe: { pad } }) => (pad !== undefined && pad.window < 2 ? "its window is 1" : undefined),
    async run({ probe }) {
      const { window } = await probe.ready({ window: MOST });
      await probe.status();
      probe.keepsAlive = false;
      await probe.pause(300);
      const count = Math.min(window, MOST);
      const first = probe.next;
      const since = probe.heard.length;
      const type = MESSAGES.askStatus.id;
      const isSecured = probe.pairingKey !== undefined;
      const send = (number: number): void => {
        const payload = isSecured ? probe.sealed(type, number, new Uint8Array(0)) : new Uint8Array(0);
        probe.write(probe.frame(type, payload, { flags: isSecured ? SECURED_FLAG : 0, sequence: number & 0xff }));
      };
      const statuses = (): number => probe.reports(since).filter(({ type }) => type === "status").length;

      for (let number = first + 1; number < first + count; number++) send(number);
      const early = (1 << (count - 1)) - 1;
      const isTold = () =>
        probe.heard
          .slice(since)
          .some(
            ({ type, acknowledgement, sequence }) => type === "ack" && acknowledgement === (first & 0xff) && (sequence & 0x7f) === early,
          );
      must(await probe.until(isTold, 1500), `no ack told that ${count - 1} frames had come before the one that was missing`);
      must(statuses() === 0, "it obeyed a frame before the one that was missing");
      send(first);
      probe.next += count;
      must(
        await probe.until(() => probe.acknowledged === (probe.next & 0xff), 1500),
        "frames that had come early were not acknowledged when the one before them came",
      );
      // Late repeats of what it has had.
      for (let number = first; number < first + count; number++) send(number);
      await probe.pause(600);
      must(statuses() === count, `of ${count} questions in a window it answered ${statuses()}`);
    },
  },
];
