import assert from "node:assert/strict";
import fc from "fast-check";
import type { Property } from "../../pad/testing/properties.ts";
import { Rfc2217Client, type Rfc2217Effect } from "../client.ts";
import { readServerMessage } from "../com-port.ts";
import { escaped, negotiation, subnegotiation, type TelnetEvent, TelnetReader } from "../telnet.ts";
import { serverAnswers } from "./server-answers.ts";

/** Bytes among which those of telnet are common. */
const telnetish = fc.array(
  fc.oneof(fc.nat(255), fc.constantFrom(255, 255, 254, 253, 252, 251, 250, 240, 44, 0, 1, 3, 100, 101, 105, 106, 107)),
  { maxLength: 400 },
);

const cuts = fc.array(fc.nat(500), { maxLength: 10 });
const split = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const places = [0, ...at.filter((place) => place < bytes.length).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index] as number, end));
};

/** Events with neighbouring data joined, so that cuts do not show. */
const joined = (events: readonly TelnetEvent[]): unknown[] => {
  const out: { is: string; bytes?: number[]; [name: string]: unknown }[] = [];
  for (const event of events) {
    const last = out.at(-1);
    const plain = "bytes" in event ? { ...event, bytes: [...event.bytes] } : event;
    if (event.is === "data" && last?.is === "data") last.bytes?.push(...event.bytes);
    else out.push(plain as { is: string });
  }
  return out;
};

const read = (...chunks: readonly Uint8Array[]): TelnetEvent[] => {
  const reader = new TelnetReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
};

const LINE = { baudRate: 115_200, dataBits: 8, parity: "none", stopBits: 1, flowControl: "none" } as const;

/** What damage does to a stream: bytes changed, lost, doubled, put in. */
const damage = fc.array(fc.tuple(fc.nat(600), fc.nat(255), fc.constantFrom("change", "lose", "add", "double")), { maxLength: 8 });
const damaged = (bytes: readonly number[], damages: readonly (readonly [number, number, string])[]): Uint8Array => {
  let out = [...bytes];
  for (const [place, byte, how] of damages) {
    const at = out.length === 0 ? 0 : place % out.length;
    if (how === "change") out[at] = byte;
    else if (how === "lose") out.splice(at, 1);
    else if (how === "add") out.splice(at, 0, byte);
    else out = [...out, ...out.slice(at)];
  }
  return Uint8Array.from(out);
};

export const RFC2217_PROPERTIES: readonly Property[] = [
  {
    name: "RFC 2217: data comes out of telnet as it went in, split anywhere",
    runs: 300,
    property: fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (data, at) => {
      const events = read(...split(escaped(data), at));
      assert.deepEqual(
        events.flatMap((event) => (event.is === "data" ? [...event.bytes] : assert.fail(event.is))),
        [...data],
      );
    }),
  },
  {
    name: "RFC 2217: any bytes are read as the same events, however they are split",
    runs: 500,
    property: fc.property(telnetish, cuts, (bytes, at) => {
      const whole = Uint8Array.from(bytes);
      assert.deepEqual(joined(read(...split(whole, at))), joined(read(whole)));
    }),
  },
  {
    name: "RFC 2217: data, options and subnegotiations among each other all come out, in order",
    runs: 200,
    property: fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => ({ is: "data" as const, bytes })),
          fc.tuple(fc.constantFrom("will", "wont", "do", "dont"), fc.nat(255)).map(([verb, option]) => ({
            is: "negotiate" as const,
            verb,
            option,
          })),
          // An option numbered 255 would itself be read as IAC; there is none.
          fc
            .tuple(fc.nat(254), fc.uint8Array({ maxLength: 40 }))
            .map(([option, bytes]) => ({ is: "subnegotiation" as const, option, bytes })),
        ),
        { maxLength: 8 },
      ),
      cuts,
      (events, at) => {
        const bytes = events.map((event) => {
          if (event.is === "data") return escaped(event.bytes);
          return event.is === "negotiate" ? negotiation(event.verb, event.option) : subnegotiation(event.option, event.bytes);
        });
        assert.deepEqual(joined(read(...split(Uint8Array.from(bytes.flatMap((part) => [...part])), at))), joined(events));
      },
    ),
  },
  {
    name: "RFC 2217: no content of a server's message is too strange to be read or left",
    runs: 1000,
    property: fc.property(fc.uint8Array({ maxLength: 12 }), (content) => {
      const message = readServerMessage(content);
      assert.ok(message === undefined || typeof message.is === "string");
    }),
  },
  {
    name: "RFC 2217: whatever a server sends, the client ends its negotiation in time, answers with bounds and gives out no data before it is ready",
    runs: 400,
    property: fc.property(
      fc.array(
        fc.oneof(
          telnetish.map((bytes) => Uint8Array.from(bytes)),
          damage.map((how) => damaged(serverAnswers(LINE), how)),
        ),
        {
          maxLength: 12,
        },
      ),
      (chunks) => {
        const client = new Rfc2217Client({ name: "server", line: LINE, dtr: "leave", rts: "off" });
        let now = 0;
        let [isReady, failures, written] = [false, 0, 0];
        const take = (effects: readonly Rfc2217Effect[]): void => {
          for (const effect of effects) {
            if (effect.is === "ready") isReady = true;
            else if (effect.is === "failed") failures++;
            else if (effect.is === "write") written += effect.bytes.length;
            else if (effect.is === "data") assert.ok(isReady);
          }
        };
        take(client.step({ is: "connected" }, now));
        for (const bytes of chunks) {
          now += 10;
          take(client.step({ is: "bytes", bytes }, now));
        }
        // Time runs to the end of every step that is still open.
        for (let step = 0; step < 4; step++) {
          now += 10_000;
          take(client.step({ is: "time" }, now));
        }
        assert.ok(isReady || failures > 0);
        assert.ok(failures <= 1);
        assert.equal(client.deadline(), undefined);
        assert.ok(written < 3000, `${written} bytes written`);
        assert.match(client.closedError().code, /^WR300[35]$/);
      },
    ),
  },
];
