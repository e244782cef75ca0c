/** The page as the simulator's panel: its pad runs behind a WebSocket, which sends views and takes wishes. */
import { html, setText } from "./elements.js";
import { touchscreen } from "./screen.js";

const byId = (id) => document.getElementById(id);
/** The newest view; undefined while the simulator cannot be reached. */
let shown;
let socket;

const wish = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};
const screen = touchscreen((touch) => wish({ do: "touch", touch }));

const CONNECTIONS = { ready: "已连接 connected", waiting: "正在连接 connecting", unplugged: "已拔线 unplugged", silent: "无响应 silent" };
const drawTools = (view) => {
  setText(byId("connection"), CONNECTIONS[view.connection]);
  setText(byId("kept"), `未存事件 kept: ${view.pendingEvents}`);
  setText(byId("model"), `${view.model} ${view.serialNumber}`);
  setText(byId("cable"), view.connection === "unplugged" ? "插线 Plug in" : "拔线 Unplug");
  byId("power").disabled = view.scene.is === "dark";
};

const connect = () => {
  socket = new WebSocket(`ws://${location.host}/pad`);
  socket.addEventListener("message", ({ data }) => {
    shown = JSON.parse(data);
    screen.show(shown);
    drawTools(shown);
  });
  socket.addEventListener("close", () => {
    shown = undefined;
    screen.message(html("p", {}, "模拟器没有运行 The simulator is not running"));
    setTimeout(connect, 1000);
  });
};

byId("cable").addEventListener("click", () => shown && wish({ do: shown.connection === "unplugged" ? "plug" : "unplug" }));
byId("pair").addEventListener("click", () => wish({ do: "touch", touch: { do: "pair" } }));
byId("power").addEventListener("click", () => wish({ do: "powerCut" }));

connect();
