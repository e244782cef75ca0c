import type { TrafficFilter, TrafficFrame } from "./traffic-shape.ts";

/** What a line is full of while nothing happens. */
const BEATS: readonly string[] = ["ack", "ping", "pong", "keepAlive"];

/** Whether a frame is among those that were asked for. */
export const fitsFilter = (frame: TrafficFrame, { windowNo, direction, type, text, beats }: TrafficFilter): boolean => {
  if (windowNo !== null && frame.windowNo !== windowNo) return false;
  if (direction !== null && frame.direction !== direction) return false;
  if (type !== null && frame.type !== type) return false;
  if (!beats && BEATS.includes(frame.type)) return false;
  if (text === "") return true;
  const wanted = text.toLowerCase();
  return textOf(frame).toLowerCase().includes(wanted);
};

const textOf = ({ type, fields }: TrafficFrame): string => [type, ...fields.map(([name, value]) => `${name}=${value ?? ""}`)].join(" ");
