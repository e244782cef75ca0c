/** The touchscreen: draws what the pad shows, and gives it what a finger, a mouse or a keyboard does. */
import { details } from "./details.js";
import { setText } from "./elements.js";
import { options } from "./options.js";
import { pairing } from "./pairing.js";
import { dark, fault, idle, paused, thanks } from "./rest.js";
import { speak } from "./voice.js";

const SCENES = { idle, paused, options, details, thanks, pairing, fault, dark };
/** A second tap of a finger that tapped twice must not fall on what has come under it, milliseconds. */
const SETTLE_MS = 350;
/** The pad is told at most this often that somebody is typing, milliseconds. */
const STIR_MS = 1000;

const byId = (id) => document.getElementById(id);
const pad = byId("pad");
const stage = byId("stage");

/** The newest view, and when it came; undefined while the simulator cannot be reached. */
let shown;
let mounted = { key: undefined, update: () => {} };
let socket;
let spokenAt;
let stirredAt = 0;
let settling;

const wish = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

/** A touch that answers names the request that it was made for: the one that this scene was drawn for. */
const toucherFor =
  (requestId) =>
  ({ do: what, ...more }) => {
    if (what === "stir") {
      if (performance.now() - stirredAt < STIR_MS) return;
      stirredAt = performance.now();
    }
    wish({ do: "touch", touch: { do: what, requestId, ...more } });
  };

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
    // Keyboards and screen readers click without a pointer, and tap nothing twice.
    if (event.detail === 0 || pad.dataset.ready === "true") return;
    event.stopPropagation();
    event.preventDefault();
  },
  true,
);

const draw = (view) => {
  const { scene, look } = view;
  const key = [scene.is, scene.requestId, scene.level, scene.code].join();
  document.documentElement.lang = look.language;
  pad.dataset.contrast = look.contrast;
  pad.dataset.textSize = look.textSize;
  if (mounted.key !== key) {
    mounted = {
      key,
      ...SCENES[scene.is](scene.is === "pairing" ? () => wish({ do: "touch", touch: { do: "pairPress" } }) : toucherFor(scene.requestId)),
    };
    pad.dataset.scene = scene.is;
    stage.replaceChildren(mounted.element);
    settle();
  }
  mounted.update(view);
  drawLook(view);
  drawTools(view);
  byId("sign").hidden = !view.isBlinking;
  setText(byId("sign"), view.isBlinking ? `${view.model} ${view.serialNumber}` : "");
  drawTime();
};

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

const CONNECTIONS = { ready: "已连接 connected", waiting: "正在连接 connecting", unplugged: "已拔线 unplugged", silent: "无响应 silent" };
const drawTools = (view) => {
  setText(byId("connection"), CONNECTIONS[view.connection]);
  setText(byId("kept"), `未存事件 kept: ${view.pendingEvents}`);
  setText(byId("model"), `${view.model} ${view.serialNumber}`);
  setText(byId("cable"), view.connection === "unplugged" ? "插线 Plug in" : "拔线 Unplug");
  byId("power").disabled = view.scene.is === "dark";
};

const drawTime = () => {
  if (shown === undefined || mounted.time === undefined) return;
  const { remainingMs } = shown.view;
  mounted.time.draw(remainingMs === null ? null : remainingMs - (performance.now() - shown.since), shown.view);
};
setInterval(drawTime, 250);

const hear = ({ spoken, look }) => {
  if (spoken === null || spoken.at === spokenAt) return;
  spokenAt = spoken.at;
  speak(spoken, look.language);
};

const lose = () => {
  shown = undefined;
  mounted = { key: undefined, update: () => {} };
  pad.dataset.scene = "lost";
  byId("look").hidden = true;
  const words = document.createElement("p");
  words.textContent = "模拟器没有运行 The simulator is not running";
  stage.replaceChildren(words);
};

const connect = () => {
  socket = new WebSocket(`ws://${location.host}/pad`);
  socket.addEventListener("message", ({ data }) => {
    const view = JSON.parse(data);
    // What was said before this page came is not said again.
    if (shown === undefined) spokenAt = view.spoken?.at;
    shown = { view, since: performance.now() };
    hear(view);
    draw(view);
  });
  socket.addEventListener("close", () => {
    lose();
    setTimeout(connect, 1000);
  });
};

const change = (look) => wish({ do: "touch", touch: { do: "look", look } });
byId("language").addEventListener("click", () => shown && change({ language: nextLanguage(shown.view).tag }));
byId("contrast").addEventListener("click", () => shown && change({ contrast: shown.view.look.contrast === "high" ? "normal" : "high" }));
byId("text-size").addEventListener("click", () => shown && change({ textSize: shown.view.look.textSize === "large" ? "normal" : "large" }));
byId("cable").addEventListener("click", () => shown && wish({ do: shown.view.connection === "unplugged" ? "plug" : "unplug" }));
byId("pair").addEventListener("click", () => wish({ do: "touch", touch: { do: "pair" } }));
byId("power").addEventListener("click", () => wish({ do: "powerCut" }));

// Number keys choose a level while the options are shown; a key that is held chooses nothing.
addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || !/^[1-5]$/.test(event.key)) return;
  mounted.level?.(Number(event.key));
});
addEventListener("contextmenu", (event) => event.preventDefault());

connect();
