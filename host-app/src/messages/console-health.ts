import { z } from "zod";
import { hostStatusSchema } from "../core/commands/status-shape.ts";
import type { RequestDeclaration } from "./declaration.ts";

/** What the console may ask of the health of this PC: its database, its queue, what central has told it. */
export const CONSOLE_HEALTH_REQUESTS = {
  "status.read": {
    summary: "Health of the window PC, as `window-host status` tells it",
    from: ["console"],
    body: z.strictObject({}),
    answer: hostStatusSchema,
    errors: [],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
