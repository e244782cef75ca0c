// The address that window-host printed carries its ticket behind the #, which is sent to nobody and stands in no log. It is handed over
// once, for a cookie that no script can read. The same page stands in the place of a screen that this browser was not admitted to.

const say = (head: string, zh: string, en: string): void => {
  for (const [id, text] of Object.entries({ head, zh, en })) {
    const place = document.getElementById(id);
    if (place !== null) place.textContent = text;
  }
};

const redeem = async (ticket: string): Promise<void> => {
  const response = await fetch("/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  if (response.ok) {
    const { page } = (await response.json()) as { page: string };
    // Only a path of this very server.
    const target = new URL(page, location.origin);
    if (target.origin === location.origin) return location.replace(target);
  }
  say(
    "没有打开 · Not opened (WR5101)",
    "此地址只能用一次，且两分钟内有效。请在本机重新运行 window-host screen。",
    "The address works once and for two minutes. Run window-host screen on this PC again.",
  );
};

const ticket = location.hash.slice(1);
history.replaceState(null, "", location.pathname + location.search);
if (ticket === "")
  say(
    "尚未获准 · Not admitted (WR5101)",
    "此浏览器尚未获准打开本画面。请在本机运行 window-host screen，或请信息技术人员打开。",
    "This browser was not admitted to this screen. Run window-host screen on this PC, or ask IT staff to open it.",
  );
else
  redeem(ticket).catch(() =>
    say("没有打开 · Not opened (WR5105)", "连不上本机程序 window-host，请确认它在运行。", "window-host does not answer. See that it runs."),
  );
