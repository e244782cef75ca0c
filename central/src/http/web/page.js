// The live list. It reads the newest page again whenever central says that something was taken, so it can miss nothing.

const LEVELS = {
  5: ["非常满意", "Very satisfied"],
  4: ["满意", "Satisfied"],
  3: ["基本满意", "Fairly satisfied"],
  2: ["不满意", "Dissatisfied"],
  1: ["非常不满意", "Very dissatisfied"],
};

const CIRCUMSTANCES = {
  "in-time": ["按时评价", "In time"],
  "after-timeout": ["超时后按下，仍计入本件", "After the time-out, counted here"],
  "after-cancel": ["取消后按下，仍计入本件", "After a cancel, counted here"],
  "after-next-case": ["下一件开始后按下，仍计入本件", "After the next case began, counted here"],
};

const REASONS = {
  "timed-out": ["限时内无人按键", "Nobody pressed in time"],
  expired: ["评价器未连上，已过期", "Pad away until it expired"],
  cancelled: ["已取消", "Cancelled"],
  superseded: ["下一件已开始", "The next case began"],
  "refused-by-pad": ["评价器拒绝", "Refused by the pad"],
};

const TRIGGERS = {
  manual: ["由工作人员手动触发", "Triggered by the clerk"],
  simulated: ["模拟触发", "Simulated trigger"],
};

const CLOCK_LIMIT_MS = 120_000;
const PAGE_SIZE = 50;
/** Enough to scroll through; older ones leave at the bottom so that the page stays quick. */
const MOST_ROWS = 500;

const byId = (id) => document.getElementById(id);
const list = byId("list");

/** An element with text or children; text is never read as HTML. */
const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

const english = (text) => {
  const span = element("span", "", text);
  span.lang = "en";
  return span;
};

const both = (words, fallback) => (words ? [words[0], " ", english(words[1])] : [String(fallback)]);

const two = (number) => String(number).padStart(2, "0");
const timeText = (ms) => {
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) return "时间不详";
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
};

const stars = (level) => {
  const made = element("p", "stars", "★".repeat(level) + "☆".repeat(5 - level));
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `${level} 星`);
  return made;
};

const mark = (className, ...words) => element("span", `mark ${className}`, ...words);

const levelBlock = (row) => {
  const block = element("div", "level");
  if (row.kind === "rating") {
    block.append(stars(row.level), element("p", "big", ...both(LEVELS[row.level])));
    if (row.level <= 2) block.append(mark("warn", ...both(["差评", "Bad review"])));
  } else if (row.kind === "not-rated") {
    block.append(element("p", "big", ...both(["— 未评价", "Not rated"])));
    if (row.ratedLater) block.append(mark("", ...both(["之后已评价", "Rated later"])));
  } else {
    block.append(element("p", "big", ...both(["？未绑定", "Unbound"])));
    block.append(element("p", "small", `按键 ${row.level}，不计入任何人 `, english("Counted for nobody")));
  }
  return block;
};

const caseBlock = (row) => {
  if (row.kind === "unbound") {
    return element("div", "what", element("p", "", ...both(["没有对应的评价请求", "No rating request has this id"])));
  }
  const visit = row.visitNo > 1 ? ` · 第 ${row.visitNo} 次` : "";
  return element(
    "div",
    "what",
    element("p", "big", row.itemName),
    element("p", "small", `办件 ${row.caseNo}${visit} · ${row.caseCompleted ? "已办结" : "未办结"}`),
  );
};

const whoBlock = (row) => {
  const block = element("div", "who", element("p", "", `窗口 ${row.windowNo} `, english("Window")));
  if (row.clerkName !== null) block.append(element("p", "small", `${row.clerkName} · 工号 ${row.staffNo}`));
  return block;
};

const howBlock = (row) => {
  const time = element("time", "", timeText(row.atMs));
  const block = element("div", "how", element("p", "", time));
  if (row.kind === "rating") block.append(element("p", "small", ...both(CIRCUMSTANCES[row.circumstance], row.circumstance)));
  if (row.kind === "not-rated") block.append(element("p", "small", ...both(REASONS[row.reason], row.reason)));
  if (row.trigger in TRIGGERS) block.append(element("p", "small", ...both(TRIGGERS[row.trigger])));
  if (row.secured === true) block.append(element("p", "small", "✓ ", ...both(["评价器已认证", "Pad authenticated"])));
  if (row.secured === false) block.append(element("p", "small", "✕ ", ...both(["评价器未认证", "Pad not authenticated"])));
  if (Math.abs(row.clockOffsetMs) > CLOCK_LIMIT_MS) {
    block.append(element("p", "small", "! ", ...both(["电脑时钟不准，时间已校正", "Clock corrected"])));
  }
  return block;
};

const tone = (row) => (row.kind !== "rating" ? "" : row.level <= 2 ? "bad" : row.level === 3 ? "middle" : "good");

const entry = (row) => {
  const item = element("li", `entry ${row.kind} ${tone(row)}`, levelBlock(row), caseBlock(row), whoBlock(row), howBlock(row));
  item.dataset.entryId = row.entryId;
  item.dataset.seq = row.seq;
  // What may still change in a row that is shown: a "not rated" that was rated after all.
  item.dataset.state = String(row.ratedLater);
  return item;
};

const readPage = async (after) => {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(after === undefined ? {} : { after }) });
  const answer = await fetch(`/api/v1/ratings?${query}`);
  if (!answer.ok) throw new Error(`central answered ${answer.status}`);
  return answer.json();
};

let hasEarlier = false;
let isFirstReading = true;

const shownEntries = () => new Map([...list.children].map((item) => [item.dataset.entryId, item]));

const tidy = () => {
  while (list.children.length > MOST_ROWS) {
    list.lastElementChild.remove();
    hasEarlier = true;
  }
  byId("empty").hidden = list.children.length > 0;
  byId("earlier").hidden = !hasEarlier;
};

/** Puts the newest page on top; what is already shown keeps its place, and the reader's. */
const showNewest = async () => {
  const page = await readPage();
  const shown = shownEntries();
  const joins = page.ratings.some((row) => shown.has(row.entryId));
  if (!joins) {
    list.replaceChildren();
    shown.clear();
    hasEarlier = page.next !== null;
  }
  let below = null;
  for (const row of page.ratings.toReversed()) {
    const old = shown.get(row.entryId);
    const item = old?.dataset.state === String(row.ratedLater) ? old : entry(row);
    if (old === undefined) {
      item.classList.toggle("new", !isFirstReading);
      list.insertBefore(item, below ?? list.firstChild);
    } else if (old !== item) old.replaceWith(item);
    below = item;
  }
  isFirstReading = false;
  tidy();
};

const showEarlier = async () => {
  const page = await readPage(list.lastElementChild?.dataset.seq);
  const shown = shownEntries();
  list.append(...page.ratings.filter((row) => !shown.has(row.entryId)).map(entry));
  hasEarlier = page.next !== null && list.children.length < MOST_ROWS;
  tidy();
};

const showCounts = (counts) => {
  const incidents = counts.incidents + counts.holes;
  const texts = {
    ratings: counts.ratings,
    notRated: counts.notRated - counts.ratedLater,
    unbound: counts.unbound,
    setAside: counts.setAside,
    incidents,
  };
  for (const [id, value] of Object.entries(texts)) byId(id).textContent = value.toLocaleString("zh-CN");
  byId("setAside").parentElement.toggleAttribute("data-alert", counts.setAside > 0);
  byId("incidents").parentElement.toggleAttribute("data-alert", incidents > 0);
};

const showConnection = (state, words) => {
  const connection = byId("connection");
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.replaceChildren(...both(words));
};

const showLost = (words) => showConnection("lost", words);
const showLive = () => showConnection("live", ["实时更新", "Live"]);

let reading = false;
let readAgain = false;

/** One reading at a time; a change during it leads to one more. */
const refresh = async () => {
  readAgain = true;
  if (reading) return;
  reading = true;
  try {
    while (readAgain) {
      readAgain = false;
      await showNewest();
    }
    showLive();
  } catch {
    showLost(["读取失败，稍后重试", "Reading failed, trying again"]);
    setTimeout(refresh, 2000);
  } finally {
    reading = false;
  }
};

byId("earlier").addEventListener("click", () => showEarlier().catch(() => showLost(["读取失败，请再试", "Reading failed, try again"])));

const live = new EventSource("/api/v1/live");
live.addEventListener("changed", (event) => {
  showCounts(JSON.parse(event.data));
  void refresh();
});
live.addEventListener("error", () => {
  showLost(["与中心的连接中断，正在重连", "Connection lost, reconnecting"]);
  // A browser gives up for good after an answer that is no stream, such as an error of a proxy.
  if (live.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
