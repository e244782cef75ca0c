/** The details of a level: its reasons, and a page to write on. Confirm and back are always there. */
import { html, pair, pairButton, redraw, setPair, setText, setWords, stars } from "./elements.js";
import { timeLeft } from "./time.js";
import { writing } from "./writing.js";

/** Reasons that are shown at a time: as many as have room in keys of 20 mm. */
const atATime = () => (matchMedia("(orientation: portrait)").matches ? 5 : 8);

export const details = (touch) => {
  const chosen = pair({ class: "headline" });
  const level = html("span", { class: "chosen-stars" });
  const question = html("p", { class: "question" });
  const time = timeLeft();
  /** A level that was touched counts when the time is over; what was written and not submitted does not. */
  const drawTime = (ms, view) => time.draw(ms, view, isWriting ? "time.dropsWords" : "time.submits");
  const reasons = html("div", { class: "reasons", role: "group" });
  const pad = writing(() => touch({ do: "stir" }));
  let page = 0;
  let isWriting;
  let shown;

  const turn = (by) => {
    page += by;
    touch({ do: "stir" });
    update(shown);
  };
  const back = pairButton({ class: "back" }, () => touch({ do: "back" }));
  const confirm = pairButton({ class: "confirm" }, () => touch({ do: "confirm", written: pad.read() }));
  const earlier = pairButton({ class: "earlier" }, () => turn(-1));
  const later = pairButton({ class: "later" }, () => turn(1));
  const swap = pairButton({ class: "swap" }, () => {
    isWriting = !isWriting;
    touch({ do: "stir" });
    update(shown);
  });
  const element = html(
    "div",
    { class: "scene" },
    html("header", { class: "title" }, html("div", {}, html("p", { class: "chosen" }, chosen, level), time.element, question)),
    reasons,
    pad.element,
    html("footer", {}, back.button, earlier.button, later.button, swap.button, confirm.button),
  );

  const drawReasons = (view) => {
    const { scene } = view;
    const perPage = atATime();
    const pages = Math.max(1, Math.ceil(scene.reasons.length / perPage));
    page = Math.min(Math.max(0, page), pages - 1);
    const visible = scene.reasons.slice(page * perPage, (page + 1) * perPage);
    redraw(
      reasons,
      visible.map(({ code }) => code),
      () =>
        visible.map(({ code }) => {
          const button = html(
            "button",
            { type: "button", class: "reason", "data-code": code },
            html("i", { "aria-hidden": "true" }),
            html("span"),
          );
          button.addEventListener("click", () => touch({ do: "reason", code }));
          return button;
        }),
    );
    for (const [index, { text, isChosen }] of visible.entries()) {
      const button = reasons.children[index];
      button.setAttribute("aria-pressed", String(isChosen));
      setText(button.lastElementChild, text);
    }
    earlier.button.hidden = isWriting || pages === 1;
    later.button.hidden = isWriting || pages === 1;
    earlier.button.disabled = page === 0;
    later.button.disabled = page === pages - 1;
  };

  const update = (view) => {
    const { scene, texts } = view;
    const isNew = shown === undefined;
    const isMistakeNew = scene.mistake !== null && shown?.scene.mistake !== scene.mistake;
    shown = view;
    const canWrite = scene.asksWords || scene.asksContact;
    if (isNew) isWriting = scene.reasons.length === 0 && canWrite;
    if (isMistakeNew) isWriting = true;
    const word = scene.labels[scene.level - 1] ?? "";
    const colon = view.look.language.startsWith("zh") ? "：" : ": ";
    setPair(chosen, `${texts["details.chosen"]}${colon}${word}`, view.secondLevels?.[scene.level - 1]);
    redraw(level, scene.level, () => [stars(scene.level)]);
    setText(question, isWriting ? "" : scene.reasons.length > 0 ? texts["details.reasons"] : "");
    reasons.setAttribute("aria-label", texts["details.reasons"]);
    reasons.hidden = isWriting;
    pad.element.hidden = !isWriting;
    drawReasons(view);
    pad.update(view);
    if (isMistakeNew) pad.point(scene.mistake);
    swap.button.hidden = !canWrite || scene.reasons.length === 0;
    setWords(swap.words, view, isWriting ? "details.showReasons" : "details.write");
    setWords(back.words, view, "details.back");
    setWords(confirm.words, view, "details.confirm");
    setWords(earlier.words, view, "details.earlier");
    setWords(later.words, view, "details.later");
  };
  return { element, update, time: { draw: drawTime } };
};
