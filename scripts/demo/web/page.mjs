// The business system of the demo: it signs a clerk in, starts a case, ends it, and listens to what the window PC tells.
const byId = (id) => document.getElementById(id);

const loadStage = async () => {
  for (;;) {
    const response = await fetch("stage.json");
    if (response.ok) return response.json();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

const stage = await loadStage();
byId("pad").src = stage.panelUrl;
byId("central").src = stage.consoleUrl;

const call = async (path, body) => {
  const response = await fetch(stage.desk + path, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return response.json();
  const { error } = await response.json();
  throw new Error(`${error.code} ${error.title}: ${error.detail}`);
};

const bilingual = (zh, en) => {
  const fragment = document.createDocumentFragment();
  const english = Object.assign(document.createElement("span"), { lang: "en", textContent: en });
  fragment.append(zh, " ", english);
  return fragment;
};

const log = (zh, en) => {
  const entry = document.createElement("li");
  entry.append(bilingual(`${new Date().toLocaleTimeString("zh-CN", { hour12: false })}　${zh}`, en));
  byId("log").prepend(entry);
  while (byId("log").children.length > 8) byId("log").lastChild.remove();
};

const choices = (id, name, options, onChange) => {
  for (const [index, { value, text }] of options.entries()) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name, value, checked: index === 0 });
    input.addEventListener("change", onChange);
    label.append(input, ` ${text}`);
    byId(id).append(label);
  }
};
const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

const attempt = async (work) => {
  try {
    await work();
  } catch (error) {
    log(`未成功：${error.message}`, "");
  }
};

const signIn = () =>
  attempt(() =>
    call(
      "/clerk/sign-in",
      stage.clerks.find(({ staffNo }) => staffNo === chosen("clerk")),
    ),
  );
choices(
  "clerks",
  "clerk",
  stage.clerks.map(({ staffNo, name }) => ({ value: staffNo, text: `${name}（${staffNo}）` })),
  signIn,
);
choices(
  "items",
  "item",
  stage.items.map(({ itemCode, itemName }) => ({ value: itemCode, text: itemName })),
  () => {},
);

// One button, as the clerk works: the case of the chosen item is started and ended. A case that is open already is ended.
let openCase = null;
byId("end").addEventListener("click", () =>
  attempt(async () => {
    byId("end").disabled = true;
    try {
      if (openCase === null) {
        const item = stage.items.find(({ itemCode }) => itemCode === chosen("item"));
        openCase = { caseNo: `Y${Date.now().toString(36).toUpperCase()}`, itemName: item.itemName };
        await call("/cases", { caseNo: openCase.caseNo, ...item });
      }
      const { caseNo, itemName } = openCase;
      await call(`/cases/${encodeURIComponent(caseNo)}/end`, {});
      openCase = null;
      byId("case").replaceChildren(`办件 ${caseNo}　${itemName}`);
      // So that the keys 1 to 5 press the pad, as a finger would.
      byId("pad").focus();
    } finally {
      byId("end").disabled = false;
    }
  }),
);

const REQUEST_WORDS = {
  waiting: ["已办结，等待评价器亮起", "ended, waiting for the pad"],
  shown: ["评价器已亮起，请群众评价", "the pad invites the citizen"],
  rated: ["已评价，谢谢（窗口不显示等级）", "rated; the clerk is not shown the level"],
  "timed-out": ["超时，未评价", "timed out: not rated"],
  expired: ["评价器离线过久，未评价", "the pad was away too long: not rated"],
  cancelled: ["已取消", "cancelled"],
  superseded: ["群众未按键，已转入下一办件", "not rated: the next case has begun"],
  "refused-by-pad": ["评价器未接受", "refused by the pad"],
};

const showState = (state) => {
  const { pad, queue } = state;
  const isReady = pad.connection === "ready";
  const waiting =
    queue.waiting === 0 ? ["全部已到中心", "all at central"] : [`${queue.waiting} 条等待上传`, `${queue.waiting} waiting to be sent`];
  const connected = pad.secured ? ["● 评价器已连接并配对", "● pad connected and paired"] : ["● 评价器已连接", "● pad connected"];
  const padWords = isReady ? connected : [`✕ 评价器未连接`, `✕ pad not connected`];
  byId("line").dataset.tone = isReady ? "good" : "bad";
  byId("line").replaceChildren(bilingual(`${padWords[0]}，${waiting[0]}`, `${padWords[1]}, ${waiting[1]}`));
  if (state.clerk === null) void signIn();
  openCase = state.openCase;
  byId("end").disabled = false;
};

const listen = () => {
  const socket = new WebSocket(`${stage.desk.replace("http", "ws")}/events`, [`bearer.${stage.token}`]);
  socket.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    if (event.event === "state") showState(event.state);
    if (event.event === "request") log(`${event.caseNo}：${REQUEST_WORDS[event.state][0]}`, REQUEST_WORDS[event.state][1]);
    if (event.event === "notice") log(event.text, "");
  });
  socket.addEventListener("close", () => {
    byId("line").dataset.tone = "bad";
    byId("line").replaceChildren(bilingual("✕ 窗口电脑程序已停止，正在重连…", "✕ the window PC is down, trying again…"));
    byId("end").disabled = true;
    setTimeout(listen, 700);
  });
};
listen();

for (const button of document.querySelectorAll("[data-post]")) {
  button.addEventListener("click", () =>
    attempt(async () => {
      button.disabled = true;
      await fetch(button.dataset.post, { method: "POST" });
      button.disabled = false;
      log(`${button.firstChild.textContent.trim()}：完成`, "done");
    }),
  );
}
