import { randomBytes } from "node:crypto";
import { type FromPage, LINE_CLOSED, readFromPage, type ToPage } from "@window-rating/protocol/browser-pad";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { AdmissionBook } from "./admission-book.ts";
import type { Seat } from "./seat.ts";

export interface LineDoorOptions {
  readonly book: AdmissionBook;
  readonly seats: ReadonlyMap<string, Seat>;
  readonly pairs: (windowNo: string, said: { readonly serialNumber: string; readonly isPaired: boolean }) => boolean;
  readonly logger: Logger;
  readonly origin: () => string;
}

/** Whoever comes proves within this time who it is, milliseconds. */
const PROVE_WITHIN_MS = 5000;
/** So many may stand in the door. */
const MOST_UNPROVEN = 32;
const CLOSE_GRACE_MS = 300;

/**
 * The door through which lines come: who cannot prove to be the window's tablet gets no further, so that a stranger in the network cannot take
 * a tablet's place, nor keep it by standing in it.
 */
export class LineDoor {
  readonly #options: LineDoorOptions;
  readonly #unproven = new Set<WebSocket>();
  readonly #all = new Set<WebSocket>();

  constructor(options: LineDoorOptions) {
    this.#options = options;
  }

  /** @throws WR5011 if too many stand here */
  checkRoom(): void {
    if (this.#unproven.size >= MOST_UNPROVEN)
      throw new WindowRatingError("WR5011", `${MOST_UNPROVEN} tablets are about to prove who they are`);
  }

  enter(socket: WebSocket, seat: Seat): void {
    const nonce = randomBytes(32).toString("base64url");
    const impatience = setTimeout(() => socket.close(LINE_CLOSED.misbehaved, "no proof came"), PROVE_WITHIN_MS);
    this.#all.add(socket);
    this.#unproven.add(socket);
    const prove: ToPage = { is: "prove", nonce };
    socket.send(JSON.stringify(prove));
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return;
      if (isBinary && !this.#unproven.has(socket)) return seat.heard(socket, data);
      const said = isBinary ? undefined : readFromPage(data.toString());
      if (said?.is === "proof" && this.#unproven.delete(socket)) {
        clearTimeout(impatience);
        this.#admit(socket, seat, nonce, said);
      } else if (said?.is === "code" && !this.#unproven.has(socket)) seat.code(socket, said.code);
      else socket.close(LINE_CLOSED.misbehaved, "not understood");
    });
    socket.on("close", () => {
      clearTimeout(impatience);
      this.#unproven.delete(socket);
      this.#all.delete(socket);
    });
    // A tablet that breaks the protocol or its connection is gone; the close event follows.
    socket.on("error", (error) => this.#options.logger.debug({ cause: error.message }, "connection of a tablet broke"));
  }

  close(): void {
    for (const socket of this.#all) {
      socket.close(LINE_CLOSED.reopen, "window-host stops");
      setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
    }
  }

  #admit(socket: WebSocket, seat: Seat, nonce: string, proof: Extract<FromPage, { is: "proof" }>): void {
    const { book, pairs, origin, logger } = this.#options;
    const { windowNo } = seat;
    const { serialNumber, isPaired, isPersistent } = proof;
    if (!book.isProof(windowNo, origin(), nonce, proof)) {
      logger.warn({ windowNo, code: "WR1040" }, "a tablet came that is not admitted");
      return socket.close(LINE_CLOSED.notAdmitted, "not admitted");
    }
    try {
      book.named(windowNo, serialNumber);
    } catch (error) {
      logger.error({ err: error }, "serial number of a tablet not noted");
    }
    seat.take(socket, { pairs: pairs(windowNo, { serialNumber, isPaired }), isPersistent });
  }
}
