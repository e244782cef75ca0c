/** Draws the pad: five keys with faces, all of one kind. Nothing here knows of a server. */

const SVG = "http://www.w3.org/2000/svg";
const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
};
const html = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
};

/** How far the middle of the mouth lies below its ends, by level. The faces differ in nothing else, so that none stands out. */
const MOUTHS = [-16, -8, 0, 8, 16];

const face = (level) => {
  const bend = MOUTHS[level - 1];
  return svg(
    "svg",
    { viewBox: "0 0 64 64", class: "face", "aria-hidden": "true" },
    svg("circle", { cx: 32, cy: 32, r: 28, class: "head" }),
    svg("circle", { cx: 22, cy: 25, r: 3.6, class: "eye" }),
    svg("circle", { cx: 42, cy: 25, r: 3.6, class: "eye" }),
    svg("path", { d: `M19 ${43 - bend / 3} Q32 ${43 + bend} 45 ${43 - bend / 3}`, class: "mouth" }),
  );
};

const STAR = "M10 1.6l2.5 5.3 5.8.7-4.3 4 1.1 5.8L10 14.6l-5.1 2.8L6 11.6l-4.3-4 5.8-.7z";
const stars = (level) =>
  svg(
    "svg",
    { viewBox: `0 0 ${level * 20} 20`, class: "stars", "data-level": level, "aria-hidden": "true" },
    ...Array.from({ length: level }, (_, index) => svg("path", { d: STAR, transform: `translate(${index * 20} 0)` })),
  );

/** Shape of each lamp, so that its state is not told by colour alone. */
const MARKS = {
  off: "M0 0",
  invite: "M4 12 H18 M12 6 L18 12 L12 18",
  chosen: "M4 12 L10 18 L20 6",
  thanks: "M12 20 C2 13 3 4 9 5 C11 5.4 12 8 12 8 C12 8 13 5.4 15 5 C21 4 22 13 12 20 Z",
  fault: "M5 5 L19 19 M19 5 L5 19",
  code: "M12 4 A8 8 0 1 1 11.9 4 Z M12 9 A3 3 0 1 1 11.9 9 Z",
  blink: "M12 3 V7 M12 17 V21 M3 12 H7 M17 12 H21 M6 6 L8.5 8.5 M15.5 15.5 L18 18 M18 6 L15.5 8.5 M8.5 15.5 L6 18",
};

const drawKey = (key) => {
  const mark = svg("path", { d: MARKS.off });
  const zh = html("b", { lang: "zh-CN" });
  const en = html("span", { lang: "en" });
  const lamp = html(
    "span",
    { class: "lamp" },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, mark),
    html("span", { class: "words" }, html("b", { lang: "zh-CN" }), html("span", { lang: "en" })),
  );
  const button = html(
    "button",
    { type: "button", class: "key", "data-key": key },
    html("span", { class: "number", "aria-hidden": "true" }, String(key)),
    face(key),
    html("span", { class: "words" }, zh, en),
    stars(key),
    lamp,
  );
  return { button, mark, zh, en, lamp };
};

const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** Puts five keys into the page; the result draws a view into them. */
export const drawKeys = (place) => {
  const drawn = [1, 2, 3, 4, 5].map(drawKey);
  place.replaceChildren(...drawn.map(({ button }) => button));
  return (keys) => {
    for (const { key, zh, en, lamp, lampWords, isDown } of keys) {
      const at = drawn[key - 1];
      at.button.dataset.lamp = lamp;
      at.button.dataset.down = String(isDown);
      at.mark.setAttribute("d", MARKS[lamp]);
      setText(at.zh, zh);
      // The longest words get smaller letters rather than a broken line.
      at.button.dataset.long = String(zh.length > 5);
      setText(at.en, en);
      setWords(at.lamp, lamp === "off" ? { zh: "", en: "" } : lampWords);
    }
  };
};

/** Chinese first, English second, into an element that holds one of each. */
export const setWords = (element, { zh, en }) => {
  setText(element.querySelector('[lang="zh-CN"]'), zh);
  setText(element.querySelector('[lang="en"]'), en);
};
