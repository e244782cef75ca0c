import { dateTime } from "../commands/quantities.ts";
import type { TrafficFrame } from "./traffic-shape.ts";

const HIDDEN = { level: "(level hidden)", person: "(hidden)", secret: "(hidden)" } as const;

/** A frame in one line for people, as `window-host watch` prints it. */
export const frameText = ({ windowNo, atMs, direction, is, type, fields, hides, header, bytes }: TrafficFrame): string => {
  const time = `${dateTime(atMs).slice(11)}.${String(Math.floor(atMs) % 1000).padStart(3, "0")}`;
  const what = is === "fault" ? `! ${type}, thrown away` : is === "port" ? `= port ${type}` : type;
  const told = fields.map(([name, value]) => `${name}=${value ?? HIDDEN[hides ?? "secret"]}`);
  const size = bytes === null ? [] : [`${bytes} bytes`];
  const numbers =
    header === null
      ? []
      : [`session ${header.session} #${header.sequence} ack ${header.acknowledgement}${header.secured ? " secured" : ""}`];
  return [time, windowNo, direction === "out" ? "→" : "←", what, ...told, `[${[...numbers, ...size].join(", ")}]`]
    .join(" ")
    .replace(" []", "");
};
