import { drawKeys, setWords } from "./drawing.js";
import { watchFingers } from "./fingers.js";

const byId = (id) => document.getElementById(id);
const pad = byId("pad");
const drawIntoKeys = drawKeys(byId("keys"));

/** The newest view, and when it came; undefined while the simulator cannot be reached. */
let shown;
let socket;
let isAloud = false;
/** The newest prompt: its time on the pad's clock, and when it came here. */
let heard;

const wish = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

const draw = (view) => {
  pad.dataset.look = view.look;
  setWords(byId("headline"), view.headline);
  drawIntoKeys(view.keys);
  if (view.spoken !== null) setWords(byId("spoken"), view.spoken);
  byId("connection").textContent = `${view.connection.zh} ${view.connection.en}`;
  byId("connection").dataset.is = view.connection.is;
  byId("kept").textContent = `未存事件 kept: ${view.pendingEvents}`;
  byId("model").textContent = view.model;
  byId("serial").textContent = view.serialNumber;
  const isOut = view.connection.is === "unplugged";
  setWords(byId("cable"), isOut ? { zh: "插线", en: "Plug in" } : { zh: "拔线", en: "Unplug" });
  byId("power").disabled = view.look === "dark";
  drawTime();
};

const CAPTION_MS = 5000;

/** What changes with the time alone: the seconds left, and a caption that has nothing to do with what is shown any more. */
const drawTime = () => {
  const isRecent = heard !== undefined && performance.now() - heard.since < CAPTION_MS;
  const isFitting = shown?.view.spoken && (isRecent || !["idle", "dark"].includes(shown.view.look));
  byId("spoken").dataset.old = String(!isFitting);
  const left = shown?.view.remainingMs ?? null;
  byId("remaining").hidden = left === null;
  if (left === null) return;
  const seconds = Math.max(0, Math.ceil((left - (performance.now() - shown.since)) / 1000));
  byId("remaining").querySelector("strong").textContent = String(seconds);
};
setInterval(drawTime, 250);

const speak = ({ zh, at }) => {
  if (at === heard?.at) return;
  heard = { at, since: performance.now() };
  const bubble = byId("spoken");
  bubble.classList.remove("new");
  requestAnimationFrame(() => bubble.classList.add("new"));
  if (!isAloud) return;
  const words = new SpeechSynthesisUtterance(zh);
  words.lang = "zh-CN";
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
};

const lose = () => {
  shown = undefined;
  pad.dataset.look = "lost";
  setWords(byId("headline"), { zh: "模拟器没有运行", en: "The simulator is not running" });
  byId("connection").textContent = "";
  heard = undefined;
  drawTime();
};

const connect = () => {
  socket = new WebSocket(`ws://${location.host}/pad`);
  socket.addEventListener("message", ({ data }) => {
    const view = JSON.parse(data);
    shown = { view, since: performance.now() };
    if (view.spoken === null) heard = undefined;
    else speak(view.spoken);
    draw(view);
  });
  socket.addEventListener("close", () => {
    lose();
    setTimeout(connect, 1000);
  });
};

watchFingers(byId("keys"), {
  down: (key) => wish({ do: "keyDown", key }),
  up: (key) => wish({ do: "keyUp", key }),
});
byId("cable").addEventListener("click", () => wish({ do: shown?.view.connection.is === "unplugged" ? "plug" : "unplug" }));
byId("power").addEventListener("click", () => wish({ do: "powerCut" }));

const voice = byId("voice");
voice.hidden = !("speechSynthesis" in globalThis);
voice.addEventListener("click", () => {
  isAloud = !isAloud;
  if (!isAloud) speechSynthesis.cancel();
  voice.setAttribute("aria-pressed", String(isAloud));
  setWords(voice, isAloud ? { zh: "语音：开", en: "Voice: on" } : { zh: "语音：关", en: "Voice: off" });
});

connect();
