import { DelimiterParser } from "@serialport/parser-delimiter";
import { FrameReader, FrameWriter, MESSAGES } from "@window-rating/protocol/pad";
import { expect, test } from "vitest";

const MEGABYTE = 1024 * 1024;
/** What a line at the wrong baud rate may give for hours: bytes without a delimiter. */
const CHUNK = Buffer.alloc(64 * 1024, 0x55);

test("without a delimiter, @serialport/parser-delimiter keeps every byte there ever was; our reader keeps none, which is why we do not use it", () => {
  const parser = new DelimiterParser({ delimiter: [0] });
  const faults: string[] = [];
  const types: number[] = [];
  const reader = new FrameReader({ frame: ({ type }) => types.push(type), fault: (fault) => faults.push(fault) });
  for (let sent = 0; sent < 10 * MEGABYTE; sent += CHUNK.length) {
    parser.write(CHUNK);
    reader.push(CHUNK);
  }
  expect(parser.buffer.length).toBe(10 * MEGABYTE);
  reader.push(
    new FrameWriter().encode({ flags: 0, type: MESSAGES.ack.id, session: 1, sequence: 0, acknowledgement: 0 }, new Uint8Array(0)),
  );
  expect([faults, types]).toEqual([["too-long"], [MESSAGES.ack.id]]);
});
