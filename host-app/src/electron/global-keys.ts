import { globalShortcut } from "electron";
import { type GlobalShortcut, globalShortcuts, type ShellSettings } from "./shell-settings.ts";

/** The keys that this app has in every program. */
export class GlobalKeys {
  readonly #press: (key: GlobalShortcut) => void;
  #taken: readonly string[] = [];

  constructor(press: (key: GlobalShortcut) => void) {
    this.#press = press;
  }

  /** Those that another program has. */
  get taken(): readonly string[] {
    return this.#taken;
  }

  /** These from now on, and no other. */
  take(settings: Pick<ShellSettings, "shortcuts">): void {
    globalShortcut.unregisterAll();
    this.#taken = globalShortcuts(settings).flatMap((key) =>
      globalShortcut.register(key.accelerator, () => this.#press(key)) ? [] : [key.accelerator],
    );
  }
}
