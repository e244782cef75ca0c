import type { DeskState } from "@window-rating/protocol/desk";
import type { Reply, ScreenClient, Standing } from "../../messages/client.ts";
import type { EventName, EventOf } from "../../messages/events.ts";
import { DEFAULT_PREFERENCES, type Preferences } from "../../messages/preferences.ts";
import type { BodyOf, RequestOf } from "../../messages/requests.ts";

export interface ConsoleSnapshot {
  readonly standing: Standing;
  /** Each window of this PC as the core last told it, in the order of the numbers told. */
  readonly windows: readonly DeskState[];
  readonly preferences: Preferences;
  /** Code of what keeps this PC from serving its windows; null: nothing does. */
  readonly outOfOrder: string | null;
  /** Counts the connections: what was read over an older one may be out of date. */
  readonly connections: number;
}

interface ModelOptions {
  readonly reload: () => void;
  readonly changeLanguage: (language: Preferences["language"]) => Promise<unknown>;
}

/** What the console knows: all of it told by the core, nothing kept by the page. */
export class ConsoleModel {
  readonly #client: ScreenClient<"console">;
  readonly #options: ModelOptions;
  readonly #listeners = new Set<() => void>();
  #snapshot: ConsoleSnapshot = { standing: "connecting", windows: [], preferences: DEFAULT_PREFERENCES, outOfOrder: null, connections: 0 };
  #build: string | undefined;

  constructor(client: ScreenClient<"console">, options: ModelOptions) {
    this.#client = client;
    this.#options = options;
    client.watch((standing) => this.#change({ standing }));
    client.on("welcome", ({ build, outOfOrder = null }) => this.#welcome(build, outOfOrder));
    client.on("desk", (event) => {
      if (event.event === "state") this.#hear(event.state);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): ConsoleSnapshot => this.#snapshot;

  ask<Name extends RequestOf<"console">>(name: Name, body: BodyOf<Name>): Promise<Reply<Name>> {
    return this.#client.ask(name, body);
  }

  /** @returns what ends the listening */
  on<Name extends EventName>(name: Name, hear: (body: EventOf<Name>) => void): () => void {
    return this.#client.on(name, hear);
  }

  /** A choice that cannot be kept holds until the page is closed. */
  async prefer(change: Partial<Pick<Preferences, "language" | "contrast">>): Promise<void> {
    const preferences = { ...this.#snapshot.preferences, ...change };
    await this.#apply(preferences);
    await this.#client.ask("preferences.save", preferences);
  }

  #welcome(build: string, outOfOrder: string | null): void {
    if (this.#build !== undefined && this.#build !== build) this.#options.reload();
    this.#build = build;
    this.#change({ outOfOrder, connections: this.#snapshot.connections + 1, ...(outOfOrder === null ? {} : { windows: [] }) });
    void this.#readPreferences();
  }

  async #readPreferences(): Promise<void> {
    const reply = await this.#client.ask("preferences.read", {});
    if (reply.is === "answer") await this.#apply(reply.body);
  }

  #hear(state: DeskState): void {
    const { windows } = this.#snapshot;
    const isKnown = windows.some(({ windowNo }) => windowNo === state.windowNo);
    this.#change({ windows: isKnown ? windows.map((one) => (one.windowNo === state.windowNo ? state : one)) : [...windows, state] });
  }

  async #apply(preferences: Preferences): Promise<void> {
    await this.#options.changeLanguage(preferences.language);
    this.#change({ preferences });
  }

  #change(changes: Partial<ConsoleSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
