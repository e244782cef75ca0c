import type { Message } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { must, type Probe } from "./probe.ts";
import { begin } from "./rating-items.ts";
import { lacks } from "./transfer-items.ts";

/** More lines than these are left unread. */
const MOST_PAGES = 40;
const LAST_LINE = 0xffff_ffff;

const pageFrom = async (probe: Probe, from: number): Promise<Message<"logLines">> => {
  const since = probe.heard.length;
  await probe.command({ type: "readLog", from });
  const page = await probe.report("logLines", { within: 3000, since });
  const ends = page.text.split("\n").length - 1;
  must(ends === page.count, `it counts ${page.count} lines, and ends ${ends}`);
  must(page.count === 0 ? page.text === "" : page.text.endsWith("\n"), "its last line is not ended");
  must(page.count === 0 || page.from >= Math.max(1, from), `asked for the lines from ${from} on it began at ${page.from}`);
  return page;
};

export const LOG_ITEMS: readonly Item[] = [
  {
    id: "C60",
    needs: [],
    unless: lacks("log"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      const first = await pageFrom(probe, 0);
      let page = first;
      for (let pages = 1; page.count > 0 && pages < MOST_PAGES; pages++) page = await pageFrom(probe, page.from + page.count);
      if (first.count > 0) {
        const again = await pageFrom(probe, first.from);
        must(again.from > first.from || again.text.startsWith(first.text), "a line that was read twice was not the same");
      }
      const since = probe.heard.length;
      must((await pageFrom(probe, LAST_LINE)).count === 0, "behind its last line there were more");
      await probe.pause(500);
      const answers = probe.reports(since).filter(({ type }) => type === "logLines").length;
      must(answers === 1, `one readLog was answered by ${answers} logLines`);
    },
  },
];
