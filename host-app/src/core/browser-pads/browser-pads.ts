import { BROWSER_PAD_MODEL, windowPath } from "@window-rating/protocol/browser-pad";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/index.ts";
import type { ArrivalLimits } from "../desk/slow-requests.ts";
import type { LinePairing } from "../pads/line-pairing.ts";
import type { PadKeyBook } from "../pads/pad-key-book.ts";
import type { PortOpener } from "../pads/pad-port.ts";
import { AdmissionBook } from "./admission-book.ts";
import type { BrowserPadList, OfferedPage } from "./browser-pad-shape.ts";
import { type Certificate, type CertificateFiles, certificateFiles, certificateFingerprint, readCertificate } from "./certificate.ts";
import { PageFiles } from "./page-files.ts";
import { type PageServer, startPageServer } from "./page-server.ts";
import { Seat } from "./seat.ts";
import { checkReach } from "./served-at.ts";

export interface BrowserPadsOptions {
  readonly settings: Config["browserPad"];
  readonly dataDir: string;
  /** Windows whose pad is a page. */
  readonly windowNos: readonly string[];
  readonly padKeys: PadKeyBook;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: where set-up builds it to. */
  readonly built?: string;
  /** Default: `PROMPT_ARRIVAL`. */
  readonly arrival?: ArrivalLimits;
}

/** Files are looked at, and a start that failed is tried again, this often, milliseconds. */
const LOOK_EVERY_MS = 10_000;
/** A certificate that ends so soon is worth a warning, milliseconds. */
const SOON_MS = 21 * 24 * 60 * 60 * 1000;

/**
 * The windows of this PC whose pad is a page: on a tablet, or on a second touch monitor. What is wrong with the page's own matters (a
 * certificate, a port) is told as the state of these windows; the others go on.
 */
export class BrowserPads {
  readonly #options: BrowserPadsOptions;
  readonly #book: AdmissionBook;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #certificateFiles: CertificateFiles | undefined;
  #certificate: Certificate | undefined;
  #server: PageServer | undefined;
  #failure: WindowRatingError | undefined;
  #starting: Promise<void> | undefined;
  readonly #watch: NodeJS.Timeout;

  /** @throws WR8006 */
  constructor(options: BrowserPadsOptions) {
    this.#options = options;
    const { settings, dataDir, windowNos, clock, logger } = options;
    this.#book = new AdmissionBook(dataDir, clock);
    this.#seats = new Map(windowNos.map((windowNo) => [windowNo, new Seat(windowNo, { clock, logger })]));
    const { certificate, certificateKey } = settings;
    this.#certificateFiles =
      certificate === null || certificateKey === null ? undefined : certificateFiles(dataDir, certificate, certificateKey);
    this.#watch = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  /** Begins to serve; what is in the way is told by `failure`, and tried again. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  get failure(): WindowRatingError | undefined {
    return this.#failure;
  }

  opener(windowNo: string): PortOpener {
    const seat = this.#seatOf(windowNo);
    return async (events) => {
      if (this.#failure !== undefined) throw this.#failure;
      return seat.open(events);
    };
  }

  /** How the line of a window comes to a pairing key. */
  attach(windowNo: string, pairing: LinePairing | undefined): void {
    this.#seatOf(windowNo).attach(pairing);
  }

  /**
   * An address that makes one tablet the pad of a window, good once and for ten minutes.
   * @param windowNo undefined: the only one there is
   * @throws WR1041 if the window has a tablet that is not to be replaced, WR1042, WR5017, and the failure if nothing is served
   */
  offer(windowNo: string | undefined, replaces: boolean): OfferedPage {
    const seat = this.#seatOf(windowNo);
    if (this.#server === undefined) throw this.#failure ?? new WindowRatingError("WR1043", "the page is not served yet");
    const { secret, expiresInMs } = this.#book.offer(seat.windowNo, replaces);
    return { windowNo: seat.windowNo, url: `${this.#server.origin}${windowPath(seat.windowNo)}#${secret}`, expiresInMs };
  }

  /** The window's tablet is admitted no longer. @returns whether there was one @throws WR1042, WR5017, WR8006 */
  remove(windowNo: string | undefined): boolean {
    const seat = this.#seatOf(windowNo);
    const device = this.#book.remove(seat.windowNo);
    seat.dismiss("notAdmitted");
    return device !== undefined;
  }

  list(): BrowserPadList {
    return {
      origin: this.#server?.origin ?? null,
      failure: this.#failure === undefined ? null : { code: this.#failure.code, detail: this.#failure.detail },
      certificateUntil: this.#certificate === undefined ? null : new Date(this.#certificate.validUntil).toISOString(),
      windows: [...this.#seats.values()].map((seat) => {
        const device = this.#book.deviceOf(seat.windowNo);
        if (device === undefined) return { windowNo: seat.windowNo, tablet: null };
        const { serialNumber, admittedAt } = device;
        return {
          windowNo: seat.windowNo,
          tablet: { serialNumber, admittedAt, isConnected: seat.isTaken, isPersistent: seat.isPersistent ?? null },
        };
      }),
    };
  }

  /** Nobody waits for a tablet any more; those that are here stay until their lines say goodbye. */
  letGo(): void {
    clearInterval(this.#watch);
    for (const seat of this.#seats.values()) seat.letGo();
  }

  async close(): Promise<void> {
    this.letGo();
    await this.#starting;
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Takes a renewed certificate, without a restart; tries again what failed. */
  async look(): Promise<void> {
    if (this.#server === undefined) return this.start();
    const files = this.#certificateFiles;
    if (files === undefined || this.#certificate === undefined) return;
    try {
      if (certificateFingerprint(files) === this.#certificate.fingerprint) return;
      this.#certificate = this.#readCertificate(files);
      this.#server.renew(this.#certificate);
      this.#options.logger.info(
        { validUntil: new Date(this.#certificate.validUntil).toISOString() },
        "certificate of the browser pads renewed",
      );
    } catch (error) {
      // Half of a renewal, perhaps: the one before it goes on, and the files are looked at again.
      this.#options.logger.warn({ err: error }, "renewed certificate of the browser pads not taken");
    }
  }

  async #start(): Promise<void> {
    const { settings, clock, logger, built, arrival } = this.#options;
    try {
      checkReach(settings.bind, this.#certificateFiles !== undefined);
      this.#certificate = this.#certificateFiles && this.#readCertificate(this.#certificateFiles);
      this.#server = await startPageServer({
        ...{ bind: settings.bind, port: settings.port, origin: settings.origin, certificate: this.#certificate },
        ...{ files: new PageFiles(built), book: this.#book, seats: this.#seats, clock, logger, arrival },
        pairs: (windowNo, said) => this.#pairs(windowNo, said),
      });
      this.#failure = undefined;
    } catch (error) {
      const failure = error instanceof WindowRatingError ? error : new WindowRatingError("WR1043", (error as Error).message, error);
      if (failure.message !== this.#failure?.message) logger.error({ code: failure.code }, failure.message);
      this.#failure = failure;
    }
  }

  #readCertificate(files: CertificateFiles): Certificate {
    const { clock, logger } = this.#options;
    const certificate = readCertificate(files, clock.wallMs());
    if (certificate.validUntil - clock.wallMs() < SOON_MS)
      logger.warn(
        { code: "WR1043", validUntil: new Date(certificate.validUntil).toISOString() },
        "the certificate of the browser pads ends soon; have it renewed",
      );
    return certificate;
  }

  /** A tablet that was admitted a moment ago, and has no key that this PC has too. */
  #pairs(windowNo: string, { serialNumber, isPaired }: { readonly serialNumber: string; readonly isPaired: boolean }): boolean {
    const { confirmed } = this.#options.padKeys.keysOf({ model: BROWSER_PAD_MODEL, serialNumber });
    return this.#book.isFresh(windowNo) && !(isPaired && confirmed !== undefined);
  }

  /** @throws WR1042 if no window has a browser pad, or this one has none; WR5017 if it is not said which */
  #seatOf(windowNo: string | undefined): Seat {
    const [only, ...others] = this.#seats.values();
    if (windowNo === undefined) {
      if (only !== undefined && others.length === 0) return only;
      throw new WindowRatingError(
        "WR5017",
        `browser pads belong to the windows ${[...this.#seats.keys()].join(", ").slice(0, 200)}; name one of them`,
      );
    }
    const seat = this.#seats.get(windowNo);
    if (seat === undefined) throw new WindowRatingError("WR1042", `pad.port of window ${windowNo} is not browser`);
    return seat;
  }
}
