/** The five options, all of one kind, the best level first; nothing is chosen before a finger chooses. */
import { html, pair, photo, qrCode, redraw, setPair, setText, setWords, stars } from "./elements.js";
import { timeLeft } from "./time.js";

const LEVELS = [5, 4, 3, 2, 1];

const option = (level, act) => {
  const words = pair();
  const button = html("button", { type: "button", class: "option", "data-level": level }, stars(level), words);
  button.addEventListener("click", () => act(level));
  return { level, button, words };
};

/** Letters as small as this are not made smaller, of their size in the style sheet. */
const SMALLEST = 0.6;

/**
 * Makes the words of all five smaller together until none is broken in the middle of a word, in whatever language: the words of the bad
 * levels are the longest in most, and must not be harder to read than the others.
 */
const fit = (group, words) => {
  const isTooWide = () => words.some((pair) => pair.firstElementChild.offsetWidth > pair.clientWidth);
  group.classList.add("fitting");
  for (let size = 1; size >= SMALLEST; size -= 0.05) {
    group.style.setProperty("--fit", String(size));
    if (!isTooWide()) break;
  }
  group.classList.remove("fitting");
};

export const options = (touch) => {
  const headline = pair({ class: "headline" });
  const time = timeLeft();
  const unseen = html("p", { class: "unseen" });
  const item = html("p", { class: "item" });
  const group = html("div", { class: "options", role: "group" });
  const beside = html("aside", { class: "beside" });
  const drawn = LEVELS.map((level) => option(level, (chosen) => touch({ do: "level", level: chosen })));
  let fittedTo;
  group.append(...drawn.map(({ button }) => button));
  const element = html(
    "div",
    { class: "scene" },
    html("header", { class: "title" }, html("div", {}, headline, time.element, unseen)),
    item,
    group,
    beside,
  );
  const update = (view) => {
    const { scene, texts } = view;
    setWords(headline, view, "options.headline");
    setText(unseen, texts["options.private"]);
    group.setAttribute("aria-label", texts["options.headline"]);
    const facts = [
      ["options.item", scene.itemName],
      ["options.case", scene.caseNo],
    ].filter(([, text]) => text !== "");
    item.hidden = facts.length === 0;
    redraw(item, [facts, view.look.language], () =>
      facts.map(([key, text]) => html("span", {}, html("small", {}, texts[key]), html("strong", {}, text))),
    );
    for (const { level, words } of drawn) setPair(words, scene.labels[level - 1] ?? "", view.secondLevels?.[level - 1]);
    const room = [scene.labels, ...Object.values(view.look), innerWidth, innerHeight].join();
    if (room !== fittedTo)
      fit(
        group,
        drawn.map(({ words }) => words),
      );
    fittedTo = room;
    redraw(beside, [scene.card, scene.caseQr, view.look.language], () => besides(view));
    beside.hidden = beside.childElementCount === 0;
  };
  return { element, update, time, level: (level) => touch({ do: "level", level }) };
};

const besides = (view) => {
  const { card, caseQr } = view.scene;
  const parts = [];
  if (card !== null) {
    const number = html("span", {});
    setText(number, `${view.texts["idle.staffNo"]} ${card.staffNo}`);
    parts.push(html("div", { class: "clerk" }, photo(card), html("p", {}, html("strong", {}, card.name), number)));
  }
  if (caseQr !== null) {
    const caption = pair();
    setWords(caption, view, "options.caseQr");
    parts.push(html("figure", { class: "code" }, html("figcaption", {}, caption), qrCode(caseQr, view.texts["options.caseQr"])));
  }
  return parts;
};
