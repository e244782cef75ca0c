import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from "electron";
import type { Edge } from "./place.ts";
import { type TrayDeed, type TrayItem, type TrayModel, trayBitmap } from "./tray-model.ts";

export interface TrayDeeds {
  readonly do: (deed: TrayDeed) => void;
  readonly dock: (edge: Edge) => void;
  readonly startAtLogIn: (wanted: boolean) => void;
}

const SIZE = 32;

/** The icon beside the clock, as Electron wants it. */
export class AppTray {
  readonly #tray = new Tray(nativeImage.createEmpty());
  readonly #deeds: TrayDeeds;

  constructor(deeds: TrayDeeds) {
    this.#deeds = deeds;
  }

  draw({ shape, tip, items }: TrayModel): void {
    this.#tray.setImage(nativeImage.createFromBitmap(Buffer.from(trayBitmap(shape, SIZE)), { width: SIZE, height: SIZE }));
    this.#tray.setToolTip(tip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => this.#menuItem(item))));
  }

  #menuItem(item: TrayItem): MenuItemConstructorOptions {
    const { dock, startAtLogIn, do: act } = this.#deeds;
    if (item.is === "line") return { type: "separator" };
    if (item.is === "text") return { label: item.label, enabled: false };
    if (item.is === "edge") return { type: "radio", label: item.label, checked: item.checked, click: () => dock(item.edge) };
    if (item.is === "autostart")
      return { type: "checkbox", label: item.label, checked: item.checked, click: () => startAtLogIn(!item.checked) };
    return { label: item.label, click: () => act(item.deed) };
  }
}
