import type { TouchView } from "../../touch-view.ts";
import { setText } from "../elements.js";

const CONNECTIONS = {
  ready: "已连接 connected",
  waiting: "正在连接 connecting",
  unplugged: "无连接 no line",
  silent: "无响应 silent",
} as const;
/** How long a finger rests on the headline of the idle screen until the tools are shown, milliseconds. */
const HELD_FOR_MS = 5000;
/** A line that comes back by then is not worth a word. */
const PATIENCE_MS = 4000;

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

/** The corner of IT staff: shown when a finger rests on the headline for five seconds, or by `#tools`. Nothing in it can be lost or undone. */
export class Tools {
  #isPersistent = false;
  #awaySince: number | undefined;

  /** @param pair the pad is to be paired by hand: docs/pairing.md */
  constructor(pair: () => void) {
    byId("pair").addEventListener("click", pair);
    byId("reload").addEventListener("click", () => location.reload());
    byId("close").addEventListener("click", () => this.#show(false));
    addEventListener("hashchange", () => this.#show(location.hash === "#tools"));
    this.#show(location.hash === "#tools");
    this.#watchForFinger();
  }

  /** The browser has promised to keep what the page keeps, or has not. */
  set isPersistent(is: boolean) {
    this.#isPersistent = is;
    setText(byId("storage"), is ? "存储：持久 storage: kept" : "存储：可能被浏览器清除 storage: the browser may clear it");
  }

  get isPersistent(): boolean {
    return this.#isPersistent;
  }

  draw(view: TouchView): void {
    setText(byId("connection"), CONNECTIONS[view.connection]);
    setText(byId("kept"), `未送达 kept: ${view.pendingEvents}`);
    setText(byId("model"), `${view.model} ${view.serialNumber}`);
    this.#drawLine(view);
  }

  /** Where no citizen is asked anything, it is said that the line is away, and that nothing is lost by it. */
  #drawLine({ connection, scene, pendingEvents }: TouchView): void {
    const isAway = connection !== "ready";
    if (!isAway) this.#awaySince = undefined;
    else this.#awaySince ??= performance.now();
    const isLong = this.#awaySince !== undefined && performance.now() - this.#awaySince > PATIENCE_MS;
    const line = byId("line");
    line.hidden = !isLong || (scene.is !== "idle" && scene.is !== "paused");
    const kept = pendingEvents > 0 ? ` · ${pendingEvents}` : "";
    setText(line, `未连接窗口电脑，评价保存在本机，连上后送达 · Not connected: ratings are kept here and sent later${kept}`);
  }

  #show(is: boolean): void {
    byId("tools").hidden = !is;
  }

  #watchForFinger(): void {
    let held: ReturnType<typeof setTimeout> | undefined;
    const letGo = (): void => clearTimeout(held);
    addEventListener("pointerdown", (event) => {
      letGo();
      if (!(event.target as Element).closest('[data-scene="idle"] .title')) return;
      held = setTimeout(() => this.#show(true), HELD_FOR_MS);
    });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, letGo);
  }
}
