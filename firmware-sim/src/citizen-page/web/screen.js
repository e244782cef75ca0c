/**
 * The touchscreen: draws what a pad shows, and gives its touches to whoever runs the pad: the simulator behind a wire, or the firmware in
 * this page. It knows neither.
 */
import { details } from "./details.js";
import { setText } from "./elements.js";
import { options } from "./options.js";
import { pairing } from "./pairing.js";
import { dark, fault, idle, paused, testing, thanks } from "./rest.js";
import { steadyHand } from "./steady-hand.js";
import { speak } from "./voice.js";

const SCENES = { idle, paused, options, details, thanks, pairing, testing, fault, dark };
/** A second tap of a finger that tapped twice must not fall on what has come under it, milliseconds. */
const SETTLE_MS = 350;
/** The pad is told at most this often that somebody is typing, milliseconds. */
const STIR_MS = 1000;

const byId = (id) => document.getElementById(id);
const NOTHING_MOUNTED = { key: undefined, update: () => {} };

/**
 * @param {(touch: import("../../touchscreen/screen.ts").Touch) => void} touch given what a finger, a mouse or a keyboard does, as the pad's firmware takes it
 * @returns `show` draws a view; `message` shows words in its place, when there is no pad to draw
 */
export const touchscreen = (touch) => {
  const pad = byId("pad");
  const stage = byId("stage");
  /** The newest view, and when it came; undefined while there is no pad. */
  let shown;
  let mounted = NOTHING_MOUNTED;
  let spokenAt;
  let stirredAt = 0;
  let settling;

  /** A touch that answers names the request that it was made for: the one that this scene was drawn for. */
  const toucherFor =
    (requestId) =>
    ({ do: what, ...more }) => {
      if (what === "stir") {
        if (performance.now() - stirredAt < STIR_MS) return;
        stirredAt = performance.now();
      }
      touch({ do: what, requestId, ...more });
    };

  /** What scenes that answer no request do. */
  const ACTS = { pairing: () => touch({ do: "pairPress" }), testing: (key) => touch({ do: "testKey", key }) };

  const settle = () => {
    pad.dataset.ready = "false";
    clearTimeout(settling);
    settling = setTimeout(() => {
      pad.dataset.ready = "true";
    }, SETTLE_MS);
  };
  stage.addEventListener(
    "click",
    (event) => {
      // Keyboards and screen readers click without a pointer, and tap nothing twice. What is no scene of the pad waits for nothing.
      if (event.detail === 0 || pad.dataset.ready === "true" || shown === undefined) return;
      event.stopPropagation();
      event.preventDefault();
    },
    true,
  );

  /** The language that one touch leads to. */
  const nextLanguage = ({ languages, look }) => {
    const index = languages.findIndex(({ tag }) => tag === look.language);
    return languages[(index + 1) % languages.length];
  };

  const drawLook = (view) => {
    byId("look").hidden = view.scene.is === "dark";
    const next = nextLanguage(view);
    byId("language").hidden = view.languages.length < 2;
    setText(byId("language"), next?.name ?? "");
    byId("language").lang = next?.tag ?? "";
    setText(byId("contrast"), view.texts["look.contrast"]);
    byId("contrast").setAttribute("aria-pressed", String(view.look.contrast === "high"));
    setText(byId("text-size"), view.texts["look.textSize"]);
    byId("text-size").setAttribute("aria-pressed", String(view.look.textSize === "large"));
  };

  const drawTime = () => {
    if (shown === undefined || mounted.time === undefined) return;
    const { remainingMs } = shown.view;
    mounted.time.draw(remainingMs === null ? null : remainingMs - (performance.now() - shown.since), shown.view);
  };
  setInterval(drawTime, 250);

  const draw = (view) => {
    const { scene, look } = view;
    const key = [scene.is, scene.requestId, scene.level, scene.code].join();
    document.documentElement.lang = look.language;
    pad.dataset.contrast = look.contrast;
    pad.dataset.textSize = look.textSize;
    if (mounted.key !== key) {
      mounted = { key, ...SCENES[scene.is](ACTS[scene.is] ?? toucherFor(scene.requestId)) };
      pad.dataset.scene = scene.is;
      stage.replaceChildren(mounted.element);
      pad.scrollTop = 0;
      settle();
    }
    mounted.update(view);
    drawLook(view);
    byId("sign").hidden = !view.isBlinking;
    setText(byId("sign"), view.isBlinking ? `${view.model} ${view.serialNumber}` : "");
    drawTime();
  };

  const hear = ({ spoken, look }) => {
    if (spoken === null || spoken.at === spokenAt) return;
    spokenAt = spoken.at;
    speak(spoken, look.language);
  };

  const change = (look) => touch({ do: "look", look });
  byId("language").addEventListener("click", () => shown && change({ language: nextLanguage(shown.view).tag }));
  byId("contrast").addEventListener("click", () => shown && change({ contrast: shown.view.look.contrast === "high" ? "normal" : "high" }));
  byId("text-size").addEventListener(
    "click",
    () => shown && change({ textSize: shown.view.look.textSize === "large" ? "normal" : "large" }),
  );

  // Number keys choose a level while the options are shown; a key that is held chooses nothing.
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || !/^[1-5]$/.test(event.key)) return;
    mounted.level?.(Number(event.key));
  });
  addEventListener("contextmenu", (event) => event.preventDefault());
  // A screen that is turned round, or made small by a keyboard, has room for other things.
  addEventListener("resize", () => shown && mounted.update(shown.view));
  steadyHand(pad);

  return {
    show(view) {
      // What was said before this page came is not said again.
      if (shown === undefined) spokenAt = view.spoken?.at;
      shown = { view, since: performance.now() };
      draw(view);
      hear(view);
    },
    message(...elements) {
      shown = undefined;
      mounted = NOTHING_MOUNTED;
      pad.dataset.scene = "lost";
      byId("look").hidden = true;
      byId("sign").hidden = true;
      stage.replaceChildren(...elements);
    },
  };
};
