import type { LineSettings } from "../com-port.ts";
import { negotiation, OPTION, subnegotiation } from "../telnet.ts";

const PARITIES = { none: 1, odd: 2, even: 3 };
const FLOWS = { none: 1, software: 2, hardware: 3 };

/** Everything that a well-behaved server sends from the connection until the line is set as asked. */
export const serverAnswers = (line: LineSettings): number[] => {
  const { baudRate } = line;
  const confirm = (command: number, ...value: number[]): Uint8Array =>
    subnegotiation(OPTION.comPort, Uint8Array.of(100 + command, ...value));
  return [
    negotiation("will", OPTION.echo),
    negotiation("will", OPTION.suppressGoAhead),
    negotiation("do", OPTION.suppressGoAhead),
    negotiation("do", OPTION.binary),
    negotiation("will", OPTION.binary),
    negotiation("do", OPTION.comPort),
    confirm(1, (baudRate >>> 24) & 0xff, (baudRate >>> 16) & 0xff, (baudRate >>> 8) & 0xff, baudRate & 0xff),
    confirm(2, line.dataBits),
    confirm(3, PARITIES[line.parity]),
    confirm(4, line.stopBits),
    confirm(5, FLOWS[line.flowControl]),
    confirm(12, 3),
    confirm(7, 0xb0),
  ].flatMap((bytes) => [...bytes]);
};
