// A page of a business system: everything it needs of Window Rating is in this one file.
import { connectDesk, pair } from "./window-rating-desk.js";

const at = (id) => document.getElementById(id);
const { windowNo, deskUrl: url } = await (await fetch("hall.json")).json();
const item = { itemCode: "A-01", itemName: "身份证补领" };
let desk;
let caseNo;

const PAD = { ready: "评价器已连接", connecting: "评价器连接中", absent: "评价器未连接", failed: "评价器不能使用" };

const say = (text) => {
  const line = document.createElement("li");
  line.textContent = text;
  at("log").prepend(line);
};

/** What a person does; a refusal is shown in its own sentence. */
const on = (element, act) =>
  element.addEventListener("click", async () => {
    at("trouble").textContent = "";
    try {
      await act();
    } catch (error) {
      at("trouble").textContent = error.message;
    }
  });

const ask = async (path, order) =>
  (await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order) })).json();

const open = (token) => {
  desk = connectDesk({ url, token, windowNo });
  at("pairing").hidden = true;
  at("window").hidden = false;
  desk.events(
    (event) => {
      if (event.event === "state") {
        const { clerk, openCase, pad } = event.state;
        at("state").textContent =
          `窗口 ${windowNo} · ${clerk?.name ?? "无人签到"} · ${openCase?.caseNo ?? "无办件"} · ${PAD[pad.connection]}`;
      } else if (event.event === "request") say(`${event.caseNo}: ${event.state}`);
    },
    (sentence) => {
      at("trouble").textContent = sentence ?? "";
    },
  );
};

const ENDS = {
  desk: () => desk.endCase(caseNo),
  push: async () => {
    const { state, code, detail } = await ask("push", { do: "end-case", caseNo });
    if (state !== "taken") throw new Error(`${code ?? state} ${detail ?? ""}`);
  },
  link: async () => {
    at("link").href = (await ask("link", { caseNo })).url;
    at("link").hidden = false;
  },
};

on(at("pair"), async () => {
  const token = await pair("业务系统网页示例", (code) => (at("code").textContent = code), { url });
  // Gone with the tab. A real system keeps it on its server, in the session of the clerk.
  sessionStorage.setItem("token", token);
  open(token);
});
on(at("sign-in"), () => desk.signIn({ staffNo: "1001", name: "张三样例" }));
on(at("start"), async () => {
  caseNo = `EX-${Date.now()}`;
  at("link").hidden = true;
  await desk.startCase({ caseNo, ...item });
});
for (const button of document.querySelectorAll("[data-end]")) on(button, () => ENDS[button.dataset.end]());

const kept = sessionStorage.getItem("token");
if (kept) open(kept);
