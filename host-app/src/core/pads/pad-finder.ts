import { type ListedPort, loadProfiles, matchPorts, type Profile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";
import type { Clock } from "../clock.ts";
import { deviceAt } from "./device-id.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";
import { DEFAULT_SETTINGS, type PortSettings, settingsOf } from "./port-settings.ts";
import { type ProbedPort, probePort } from "./probed-port.ts";
import { openSerialPort } from "./serial-port.ts";

/** How a serial port of this PC is opened. */
export type SerialOpener = (path: string, settings: PortSettings, events: PortEvents) => Promise<OpenPort>;

export interface PadFinderOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly random: (length: number) => Uint8Array;
  /** Serial numbers that some window waits for: a window that takes any pad takes none of these. */
  readonly spokenFor: readonly string[];
  readonly list?: () => Promise<readonly ListedPort[]>;
  readonly open?: SerialOpener;
  readonly profiles?: () => readonly Profile[];
  readonly patienceMs?: number;
}

/** What a window looks for. */
export interface WantedPad {
  /** null: any pad that no other window waits for. */
  readonly serialNumber: string | null;
  /** null: of any profile. */
  readonly profile: Profile | null;
  /** A port that a person named: it is asked, whether a profile claims it or not. */
  readonly named: string | null;
}

interface Seeker extends WantedPad {
  resolve(port: ProbedPort & Place): void;
  reject(error: WindowRatingError): void;
}

interface Place {
  readonly path: string;
  readonly device: string;
}

interface Candidate extends Place {
  readonly settings: PortSettings;
}

/** A port where no pad of ours answered is left alone for twice as long each time: something else may be there, and opening it shows. */
const FIRST_REST_MS = 2000;
const LONGEST_REST_MS = 60_000;

/**
 * Finds pads by who they are, whatever port they are on. One sweep serves all windows that look for one: it asks at the ports that a
 * profile claims, all at once, and at those that a person named. Nothing is opened besides, and a pad's port goes to its window open as it is.
 */
export class PadFinder {
  readonly #options: PadFinderOptions;
  readonly #open: SerialOpener;
  readonly #list: () => Promise<readonly ListedPort[]>;
  readonly #profiles: () => readonly Profile[];
  readonly #held = new Set<string>();
  readonly #rests = new Map<
    string,
    { readonly until: number; readonly ms: number; readonly turn: number; readonly why: WindowRatingError }
  >();
  #seekers: Seeker[] = [];
  #sweeping = false;

  constructor(options: PadFinderOptions) {
    this.#options = options;
    this.#open = options.open ?? openSerialPort;
    this.#list = options.list ?? (() => SerialPort.list());
    this.#profiles = options.profiles ?? loadProfiles;
  }

  /**
   * Opens the port at which the wanted pad answers.
   * @throws WR3001 if no port may lead to it, or what was found there instead: WR1005, WR3002, WR3003, WR3004, WR3005
   */
  async find(wanted: WantedPad, events: PortEvents): Promise<OpenPort> {
    const found = await new Promise<ProbedPort & Place>((resolve, reject) => {
      this.#seekers.push({ ...wanted, resolve, reject });
      // Windows that start together are served by one sweep.
      if (!this.#sweeping) {
        this.#sweeping = true;
        setImmediate(() => void this.#sweep());
      }
    });
    return this.#keep(found, found.attach({ ...events, closed: (cause) => this.#gone(found, cause, events) }));
  }

  /** Opens a port that a person named, and asks nothing: what answers is its user's business. */
  async openNamed(path: string, settings: PortSettings, events: PortEvents): Promise<OpenPort> {
    const place = { path, device: deviceAt(path) ?? path };
    const port = await this.#open(path, settings, { ...events, closed: (cause) => this.#gone(place, cause, events) });
    return this.#keep(place, port);
  }

  #keep({ device }: Place, port: OpenPort): OpenPort {
    this.#held.add(device);
    return {
      ...port,
      close: async () => {
        await port.close();
        this.#held.delete(device);
      },
    };
  }

  #gone({ device }: Place, cause: Error | undefined, events: PortEvents): void {
    this.#held.delete(device);
    events.closed(cause);
  }

  async #sweep(): Promise<void> {
    // Who comes while it runs is served by the next.
    const seekers = this.#seekers;
    this.#seekers = [];
    const failures: WindowRatingError[] = [];
    try {
      const candidates = await this.#candidates(seekers);
      await Promise.all(candidates.map((candidate) => this.#ask(candidate, seekers, failures)));
    } catch (error) {
      failures.push(
        error instanceof WindowRatingError
          ? error
          : new WindowRatingError("WR3001", `the ports of this PC cannot be listed: ${(error as Error).message}`, error),
      );
    }
    for (const seeker of seekers) seeker.reject(reasonFor(seeker, failures));
    this.#sweeping = this.#seekers.length > 0;
    if (this.#sweeping) setImmediate(() => void this.#sweep());
  }

  async #candidates(seekers: readonly Seeker[]): Promise<Candidate[]> {
    const all = this.#profiles().filter(answersHello);
    const profiles = seekers.some(({ profile }) => profile === null)
      ? all
      : all.filter(({ id }) => seekers.some(({ profile }) => profile?.id === id));
    const isNamed = seekers.every(({ profile }) => profile !== null);
    const byPath = new Map<string, PortSettings[]>();
    for (const { path, profileId } of matchPorts(await this.#list(), profiles, isNamed)) {
      const profile = profiles.find(({ id }) => id === profileId);
      if (profile !== undefined) byPath.set(path, [...(byPath.get(path) ?? []), settingsOf(profile)]);
    }
    for (const { named, profile } of seekers) {
      if (named !== null && !byPath.has(named)) byPath.set(named, [profile === null ? DEFAULT_SETTINGS : settingsOf(profile)]);
    }
    const candidates = new Map<string, Candidate>();
    for (const [path, settings] of byPath) {
      const device = deviceAt(path) ?? path;
      if (this.#held.has(device) || candidates.has(device)) continue;
      const turn = this.#rests.get(device)?.turn ?? 0;
      candidates.set(device, { path, device, settings: settings[turn % settings.length] ?? DEFAULT_SETTINGS });
    }
    return [...candidates.values()];
  }

  async #ask({ path, device, settings }: Candidate, seekers: Seeker[], failures: WindowRatingError[]): Promise<void> {
    const rest = this.#rests.get(device);
    const now = this.#options.clock.monotonicMs();
    if (rest !== undefined && now < rest.until) return void failures.push(rest.why);
    const { random, patienceMs } = this.#options;
    const leave = (why: WindowRatingError): void => {
      failures.push(why);
      const ms = rest === undefined ? FIRST_REST_MS : Math.min(LONGEST_REST_MS, rest.ms * 2);
      this.#rests.set(device, { until: this.#options.clock.monotonicMs() + ms, ms, turn: (rest?.turn ?? 0) + 1, why });
    };
    this.#held.add(device);
    try {
      const port = await probePort((events) => this.#open(path, settings, events), random, patienceMs);
      const { answer } = port;
      const seeker = answer.is === "pad" ? this.#seekerOf(answer.pad.serialNumber, answer.pad.model, seekers) : undefined;
      if (seeker !== undefined) {
        this.#rests.delete(device);
        seekers.splice(seekers.indexOf(seeker), 1);
        seeker.resolve({ ...port, path, device });
        return;
      }
      await port.release();
      if (answer.is === "pad")
        leave(new WindowRatingError("WR3004", `pad ${answer.pad.serialNumber} answers at ${path}, and no window waits for it`));
      else if (answer.is === "foreign") leave(new WindowRatingError("WR3004", `${path} sends what is not the pad protocol`));
      else leave(new WindowRatingError("WR1005", `${path} is open, but no pad answers`));
    } catch (error) {
      leave(error instanceof WindowRatingError ? error : new WindowRatingError("WR3005", `${path}: ${String(error)}`, error));
    }
    this.#held.delete(device);
  }

  #seekerOf(serialNumber: string, model: string, seekers: readonly Seeker[]): Seeker | undefined {
    const fits = seekers.filter(({ profile }) => profile === null || profile.id === model);
    const own = fits.find((seeker) => seeker.serialNumber === serialNumber);
    if (own !== undefined || this.#options.spokenFor.includes(serialNumber)) return own;
    return fits.find((seeker) => seeker.serialNumber === null);
  }
}

/** Whether a pad of this profile answers a hello; of others nothing is known until a key is pressed. */
export const answersHello = ({ protocol }: Profile): boolean => protocol === "window-rating/1";

/** What tells most: a pad that is there and may not be reached, before one that does not answer, before none. */
const ORDER = ["WR3002", "WR3003", "WR3005", "WR3004", "WR1005"];

const reasonFor = ({ serialNumber }: WantedPad, failures: readonly WindowRatingError[]): WindowRatingError => {
  const [first] = [...failures].sort((one, other) => rank(one) - rank(other));
  if (first === undefined) return new WindowRatingError("WR3001", "no port of this PC looks like a pad that a profile knows");
  const wanted = serialNumber === null ? "" : `; pad ${serialNumber} was looked for`;
  return new WindowRatingError(first.code, `${[...new Set(failures.map(({ detail }) => detail))].join("; ")}${wanted}`);
};

const rank = ({ code }: WindowRatingError): number => {
  const place = ORDER.indexOf(code);
  return place === -1 ? ORDER.length : place;
};
