/** What the page says when it is no pad: who is wanted and what to do, in Chinese and English. */
import { html, pair, setPair } from "../elements.js";

interface Saying {
  readonly zh: string;
  readonly en: string;
}

const SAYINGS = {
  opening: [{ zh: "正在打开…", en: "Opening…" }],
  noScan: [
    { zh: "这台设备还不是评价器", en: "This device is no rating pad yet" },
    {
      zh: "请在窗口电脑上运行 window-host pad browser，用本设备扫描显示的二维码",
      en: "Run window-host pad browser on the window PC and scan the QR code that it shows with this device",
    },
  ],
  begin: [
    { zh: "用这台设备作评价器？", en: "Make this device the rating pad?" },
    { zh: "按下按钮后，本设备将成为该窗口的评价器", en: "Press the button to make it the rating pad of this window" },
  ],
  admitting: [{ zh: "正在登记…", en: "One moment…" }],
  refused: [
    { zh: "二维码已失效或已用过", en: "The QR code is used up or too old" },
    { zh: "请在窗口电脑上重新生成二维码，再扫描一次", en: "Make a new one on the window PC and scan again" },
  ],
  unreached: [
    { zh: "连不上窗口电脑", en: "The window PC cannot be reached" },
    { zh: "请检查网络，然后再按一次按钮", en: "Check the network, then press the button again" },
  ],
  cannotKeep: [
    { zh: "此浏览器不能保存评价，请不要在这里评价", en: "This browser keeps nothing: please do not rate here" },
    {
      zh: "请告诉工作人员。信息技术人员：请关闭无痕模式，允许网站保存数据，并检查存储空间",
      en: "Please tell the clerk. IT staff: leave private mode, let the site store data, and look whether there is room",
    },
  ],
  openTwice: [
    { zh: "评价页面已在另一个标签页打开", en: "The page is open in another tab already" },
    { zh: "请关闭其中一个，然后刷新", en: "Close one of them, then load this one again" },
  ],
  notAdmitted: [
    { zh: "窗口电脑不再认识这台设备", en: "The window PC does not know this device any more" },
    {
      zh: "请信息技术人员在窗口电脑上重新生成二维码并扫描。尚未送达的评价仍保存在本机",
      en: "IT staff: make a new QR code on the window PC and scan it. Ratings not delivered yet are still kept here",
    },
  ],
  replaced: [
    { zh: "本窗口已换用另一台设备", en: "Another device has taken the place of this one" },
    {
      zh: "尚未送达的评价仍保存在本机；要送达，请重新扫描二维码",
      en: "Ratings not delivered yet are still kept here; to deliver them scan a new QR code",
    },
  ],
  cameAnew: [
    { zh: "评价页面在别处打开了", en: "The page was opened elsewhere" },
    { zh: "若这里才是评价器，请刷新本页", en: "If this is the pad, load it again" },
  ],
} as const satisfies Record<string, readonly [Saying, Saying?]>;
export type SayingName = keyof typeof SAYINGS;

/** Elements of a message; the detail is for whoever looks after the pad. */
export const saying = (name: SayingName, { windowNo = "", detail = "", kept = 0 } = {}): HTMLElement => {
  const [head, text] = SAYINGS[name] as readonly [Saying, Saying?];
  const headline = pair({ class: "headline" });
  setPair(headline, head.zh, head.en);
  const parts: Node[] = [headline];
  if (text !== undefined) {
    const more = pair({ class: "text" });
    setPair(more, text.zh, text.en);
    parts.push(more);
  }
  const facts = [
    windowNo && `${windowNo} 号窗口 Window ${windowNo}`,
    kept > 0 ? `本机保存的评价等记录 Kept here: ${kept}` : "",
    detail,
  ].filter((fact) => fact !== "");
  if (facts.length > 0) parts.push(html("p", { class: "facts" }, facts.join(" · ")));
  return html("div", { class: "scene message", role: "status" }, ...parts) as HTMLElement;
};

/** A message with one button. */
export const asking = (name: SayingName, windowNo: string, act: () => void): HTMLElement => {
  const element = saying(name, { windowNo });
  const button = html("button", { type: "button", class: "begin" }, "开始 Begin");
  button.addEventListener("click", act, { once: true });
  element.append(button);
  return element;
};
