import { WindowRatingError } from "@window-rating/protocol/error";
import { LONGEST_LINK } from "@window-rating/protocol/sync";
import { z } from "zod";
import type { Verb } from "./verb.ts";

const openLinkSchema = z.strictObject({ url: z.string().min(1).max(LONGEST_LINK) });

/** For the program that the system starts for `window-rating://`: it runs as the clerk, who can read no file of window-host. */
export const LINK_VERBS: readonly Verb[] = [
  {
    method: "POST",
    path: "/desk/v1/links/open",
    access: "anyone",
    isOfWindow: false,
    summary: "Open a window-rating:// link, for window-host open-link; its one-time ticket says everything, and no page may call this",
    body: openLinkSchema,
    answer: z.object({ requestId: z.string().nullable() }),
    errors: ["WR5004", "WR5005", "WR5006", "WR5010", "WR5017", "WR5018", "WR5036", "WR4003", "WR8006"],
    handle: ({ links, body, origin }) => {
      if (origin !== undefined) throw new WindowRatingError("WR5002", "a page shows the link to the person, who opens it");
      if (links === undefined) throw new WindowRatingError("WR5010", "this window PC opens no links");
      return links.open((body as z.output<typeof openLinkSchema>).url);
    },
  },
];
