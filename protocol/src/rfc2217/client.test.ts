import { describe, expect, test } from "vitest";
import { Rfc2217Client, type Rfc2217Effect, type Rfc2217Options } from "./client.ts";
import { negotiation, OPTION, subnegotiation } from "./telnet.ts";
import { serverAnswers } from "./testing/server-answers.ts";

const LINE = { baudRate: 9600, dataBits: 7, parity: "even", stopBits: 2, flowControl: "hardware" } as const;

const start = (options: Partial<Rfc2217Options> = {}) => {
  const client = new Rfc2217Client({ name: "rfc2217://moxa:4001", line: LINE, dtr: "leave", rts: "leave", ...options });
  return { client, greeting: hex(client.step({ is: "connected" }, 0)) };
};
const connect = (options: Partial<Rfc2217Options> = {}) => {
  const { client } = start(options);
  const effects = client.step({ is: "bytes", bytes: Uint8Array.from(serverAnswers(options.line ?? LINE)) }, 10);
  return { client, effects, sent: hex(effects) };
};
/** What was written, as hexadecimal numbers. */
const hex = (effects: readonly Rfc2217Effect[]): string =>
  Buffer.concat(effects.flatMap((effect) => (effect.is === "write" ? [effect.bytes] : []))).toString("hex");
const kinds = (effects: readonly Rfc2217Effect[]): string[] => effects.map(({ is }) => is).filter((is) => is !== "write");
const bytes = (...numbers: number[]): Uint8Array => Uint8Array.from(numbers);
const fromServer = (...content: number[]): Uint8Array => subnegotiation(OPTION.comPort, bytes(...content));

describe("a client of RFC 2217", () => {
  test("asks for the port, and for a way that changes no byte", () => {
    // WILL COM-PORT, then WILL and DO of BINARY and SUPPRESS-GO-AHEAD.
    expect(start().greeting).toBe("fffb2c" + "fffb00" + "fffd00" + "fffb03" + "fffd03");
  });

  test("sets speed, data bits, parity, stop bits and flow control as RFC 2217 writes them, and purges what waits", () => {
    const { sent, effects } = connect();
    for (const command of ["01" + "00002580", "0207", "0303", "0402", "0503", "0c03"]) expect(sent).toContain(`fffa2c${command}fff0`);
    expect(kinds(effects)).toEqual(["ready", "modem-state"]);
  });

  test("says nothing of DTR and RTS unless the profile does", () => {
    expect(connect().sent).not.toMatch(/fffa2c05(0[7-9a-c])fff0/);
    const { sent } = connect({ dtr: "on", rts: "off" });
    expect(sent).toContain("fffa2c0508fff0");
    expect(sent).toContain("fffa2c050cfff0");
  });

  test("doubles the byte 255 on its way out, in settings too, and undoes it on the way in", () => {
    const { client } = connect();
    expect(hex(client.step({ is: "send", bytes: bytes(1, 255, 2) }, 20))).toBe("01ffff02");
    expect(client.step({ is: "bytes", bytes: bytes(3, 255, 255, 4) }, 20)).toEqual([{ is: "data", bytes: bytes(3, 255, 4) }]);
    expect(connect({ line: { ...LINE, baudRate: 0xff } }).sent).toContain("fffa2c01000000fffffff0");
  });

  test("refuses options that it does not speak, and answers its own no second time", () => {
    const { client } = start();
    expect(hex(client.step({ is: "bytes", bytes: negotiation("do", 24) }, 1))).toBe("fffc18");
    expect(hex(client.step({ is: "bytes", bytes: negotiation("will", OPTION.echo) }, 1))).toBe("fffe01");
    expect(hex(client.step({ is: "bytes", bytes: negotiation("do", OPTION.binary) }, 1))).toBe("");
    expect(hex(client.step({ is: "bytes", bytes: negotiation("dont", 24) }, 1))).toBe("");
  });

  test.each<[string, Uint8Array, string, string]>([
    ["refuses its port to be set", negotiation("dont", OPTION.comPort), "WR3008", "refuses"],
    ["refuses to carry every byte", negotiation("wont", OPTION.binary), "WR3009", "unchanged"],
  ])("fails with what to do if the server %s", (_, answer, code, text) => {
    const [effect] = start().client.step({ is: "bytes", bytes: answer }, 1);
    expect(effect).toMatchObject({ is: "failed", error: { code, detail: expect.stringContaining(text) } });
  });

  test("fails if the server has another speed than was asked for, and names both", () => {
    const { client } = start();
    client.step({ is: "bytes", bytes: negotiation("do", OPTION.comPort) }, 1);
    const effects = client.step({ is: "bytes", bytes: fromServer(101, 0, 0, 0x12, 0xc0) }, 2);
    expect(effects).toMatchObject([{ is: "failed", error: { code: "WR3009", detail: expect.stringMatching(/4800.*9600/) } }]);
  });

  test("fails in time at a server that does not speak RFC 2217, or stops in the middle of it, and says which", () => {
    const silent = start().client;
    silent.step({ is: "bytes", bytes: bytes(0, 17, 5, 0) }, 500);
    expect(silent.step({ is: "time" }, 2999)).toEqual([]);
    expect(silent.step({ is: "time" }, silent.deadline() ?? 0)).toMatchObject([{ is: "failed", error: { code: "WR3008" } }]);
    const half = start().client;
    half.step({ is: "bytes", bytes: negotiation("do", OPTION.comPort) }, 1000);
    half.step({ is: "bytes", bytes: fromServer(101, 0, 0, 0x25, 0x80) }, 1010);
    expect(half.step({ is: "time" }, half.deadline() ?? 0)).toMatchObject([
      { is: "failed", error: { code: "WR3008", detail: expect.stringContaining("data bits, parity, stop bits, flow control") } },
    ]);
  });

  test("gives out no data before the line is set: a greeting of the server is no pad", () => {
    const { client } = start();
    expect(client.step({ is: "bytes", bytes: Buffer.from("ser2net port 4001\r\n") }, 1)).toEqual([]);
    expect(hex(client.step({ is: "send", bytes: bytes(1) }, 1))).toBe("");
  });

  test("takes a server that closes before the line is set for one whose port is taken, and repeats what it said", () => {
    const busy = start().client;
    busy.step({ is: "bytes", bytes: Buffer.from("Port already in use\r\n") }, 1);
    expect(busy.closedError()).toMatchObject({ code: "WR3003", detail: expect.stringContaining("Port already in use") });
    expect(start().client.closedError()).toMatchObject({ code: "WR3003", detail: expect.stringContaining("port is taken") });
    expect(connect().client.closedError().code).toBe("WR3005");
  });

  test("tells of errors on the line and of the modem lines", () => {
    const { client } = connect();
    expect(client.step({ is: "bytes", bytes: fromServer(106, 0b0000_1110) }, 20)).toEqual([
      { is: "line-state", errors: ["overrun", "parity", "framing"] },
    ]);
    expect(client.step({ is: "bytes", bytes: fromServer(106, 0b0110_0001) }, 20)).toEqual([]);
    expect(client.step({ is: "bytes", bytes: fromServer(107, 0b1001_0000) }, 20)).toEqual([
      { is: "modem-state", carrier: true, dataSetReady: false, clearToSend: true },
    ]);
  });

  test("holds what it is given while the server is suspended, within bounds, and sends it in order when that resumes", () => {
    const { client } = connect();
    client.step({ is: "bytes", bytes: fromServer(108) }, 20);
    expect(hex(client.step({ is: "send", bytes: bytes(1, 255) }, 20))).toBe("");
    client.step({ is: "send", bytes: new Uint8Array(70_000) }, 20);
    client.step({ is: "send", bytes: bytes(2) }, 20);
    expect(hex(client.step({ is: "bytes", bytes: fromServer(109) }, 20))).toBe("01ffff02");
    expect(hex(client.step({ is: "send", bytes: bytes(3) }, 20))).toBe("03");
  });

  test("says who it is when it is asked, and switches a modem line when it is told to", () => {
    const { client } = connect();
    expect(hex(client.step({ is: "bytes", bytes: fromServer(100) }, 20))).toBe(
      `fffa2c00${Buffer.from("window-rating").toString("hex")}fff0`,
    );
    expect(hex(client.step({ is: "signal", signal: "dtr", state: "off" }, 20))).toBe("fffa2c0509fff0");
  });
});
