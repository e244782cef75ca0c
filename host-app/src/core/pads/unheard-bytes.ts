import { readFileSync } from "node:fs";
import { isIPv4, type Socket } from "node:net";

/** A retransmission timer runs, and what it sends was sent so often in vain: about 3 s on a hall's network. */
const RETRANSMITTING = "01";
const TRIES_IN_VAIN = 4;
const LOOK_AFTER_MS = 3_000;
const LOOK_AGAIN_MS = 1_000;
const LOOKS = 10;

/**
 * Whether the kernel sends something again and again that the other side never acknowledges. Linux alone tells, and alone goes on with it
 * for a quarter of an hour, without keep-alive probes meanwhile.
 * @param table text of /proc/net/tcp
 */
export const isUnheard = (
  table: string,
  { localPort, remotePort, remoteAddress }: Pick<Socket, "localPort" | "remotePort" | "remoteAddress">,
): boolean => {
  const address = remoteAddress?.replace(/^::ffff:/, "") ?? "";
  if (!isIPv4(address) || localPort === undefined || remotePort === undefined) return false;
  const remote = `${address
    .split(".")
    .reverse()
    .map((part) => hex(Number(part), 2))
    .join("")}:${hex(remotePort, 4)}`;
  for (const line of table.split("\n").slice(1)) {
    const [, local, peer, , , timer, tries] = line.trim().split(/\s+/);
    if (peer !== remote || local?.endsWith(`:${hex(localPort, 4)}`) !== true) continue;
    return timer?.startsWith(`${RETRANSMITTING}:`) === true && Number.parseInt(tries ?? "0", 16) >= TRIES_IN_VAIN;
  }
  return false;
};

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");

const ofThisSystem = (socket: Socket): boolean => {
  try {
    // Where a socket is of the second family, the kernel lists it there although its addresses are of the first.
    return process.platform === "linux" && socket.remoteFamily === "IPv4" && isUnheard(readFileSync("/proc/self/net/tcp", "utf8"), socket);
  } catch {
    return false;
  }
};

/**
 * Looks whether what is written arrives, as long as nothing comes back: of a pad that says nothing by itself nobody else would notice that
 * its line is dead.
 */
export class UnheardBytes {
  readonly #socket: Socket;
  readonly #isUnheard: (socket: Socket) => boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, isUnheardNow = ofThisSystem) {
    this.#socket = socket;
    this.#isUnheard = isUnheardNow;
    socket.on("data", () => this.#stop());
    socket.on("close", () => this.#stop());
  }

  written(): void {
    if (this.#timer === undefined) this.#look(LOOK_AFTER_MS, 1);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Bytes that are heard are heard within seconds: a few looks are enough, whatever the network does in between. */
  #look(afterMs: number, times: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isUnheard(this.#socket)) this.#socket.destroy(new Error("what is sent does not arrive"));
      else if (times < LOOKS) this.#look(LOOK_AGAIN_MS, times + 1);
    }, afterMs);
  }
}
