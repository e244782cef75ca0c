/** The scenes that ask nothing: idle, paused, thanks, out of order, without power. */
import { html, pair, photo, qrCode, redraw, setPair, setText, setWords, stars } from "./elements.js";

const cardOf = (card, view) => {
  const line = (key, text) => {
    const words = pair({ class: "line" });
    setWords(words, view, key);
    return html("p", {}, words, html("strong", {}, text));
  };
  const intro = pair({ class: "intro" });
  setWords(intro, view, "idle.staff");
  const facts = [html("p", { class: "name" }, card.name)];
  if (card.title !== "") facts.push(html("p", { class: "post" }, card.title));
  facts.push(line("idle.staffNo", card.staffNo));
  if (card.stars > 0) {
    const row = line("idle.stars", "");
    row.querySelector("strong").append(stars(card.stars));
    row.querySelector("strong").setAttribute("aria-label", String(card.stars));
    facts.push(row);
  }
  if (card.partyEmblem) facts.push(html("p", { class: "party" }, view.texts["idle.party"]));
  return [photo(card), html("div", { class: "facts" }, intro, ...facts)];
};

/** A window's name as it was given; a bare number says of what it is one. */
const windowName = ({ window, texts }) => (/^\d+$/.test(window) ? texts["idle.windowNo"].replace("{no}", window) : window);

export const idle = () => {
  const headline = pair({ class: "headline" });
  const place = html("p", { class: "place" });
  const card = html("section", { class: "card" });
  const code = html("figure", { class: "code" });
  const notice = html("p", { class: "notice", role: "status" });
  const logo = html("p", { class: "logo" });
  const element = html(
    "div",
    { class: "scene" },
    html("header", { class: "title" }, logo, html("div", {}, place, headline)),
    html("div", { class: "body" }, card, code),
    notice,
  );
  const update = (view) => {
    const { scene } = view;
    setWords(headline, view, "idle.headline");
    setText(place, [view.hall, windowName(view)].filter((text) => text !== "").join(" · "));
    redraw(logo, view.logo, () => (view.logo === null ? [] : [html("img", { src: view.logo, alt: view.hall })]));
    card.hidden = scene.card === null;
    redraw(card, [scene.card, view.look.language], () => (scene.card === null ? [] : cardOf(scene.card, view)));
    code.hidden = scene.qr === null;
    redraw(code, [scene.qr, view.look.language], () => {
      if (scene.qr === null) return [];
      const caption = pair();
      setWords(caption, view, "idle.windowQr");
      return [qrCode(scene.qr, view.texts["idle.windowQr"]), html("figcaption", {}, caption)];
    });
    notice.hidden = scene.notice === null;
    setText(notice, scene.notice ?? "");
  };
  return { element, update };
};

/** A scene of one message. @param keys of its texts; `words` may give the second one in its place */
const message =
  (mark, keys, words = () => undefined) =>
  () => {
    const headline = pair({ class: "headline" });
    const text = pair({ class: "text" });
    const element = html(
      "div",
      { class: "scene message", role: "status" },
      html("p", { class: "mark", "aria-hidden": "true" }, mark),
      headline,
      text,
    );
    const update = (view) => {
      setWords(headline, view, keys[0]);
      const own = words(view);
      if (own === undefined) setWords(text, view, keys[1]);
      else text.firstElementChild.textContent = own;
    };
    return { element, update };
  };

export const paused = message("Ⅱ", ["paused.headline", "paused.text"], ({ scene }) => scene.text ?? undefined);
export const thanks = message("✓", ["thanks.headline", "thanks.text"]);
export const fault = message("!", ["fault.headline", "fault.text"]);
export const dark = () => ({ element: html("div", { class: "scene" }), update: () => {} });

/** A test for a person who looks on: five fields in the places of the options; they choose nothing. @param tap called with the number touched */
export const testing = (tap) => {
  const headline = pair({ class: "headline" });
  const text = pair({ class: "text" });
  const fields = [1, 2, 3, 4, 5].map((key) => {
    const field = html("button", { type: "button", class: "test-field" }, String(key));
    field.addEventListener("click", () => {
      field.dataset.touched = "true";
      tap(key);
    });
    return field;
  });
  const element = html("div", { class: "scene message", role: "status" }, headline, text, html("div", { class: "test-fields" }, ...fields));
  const update = (view) => {
    // For those who look after the pad, and in no pack of a language therefore.
    setPair(headline, "正在试用", view.secondTexts === null ? undefined : "Test");
    setPair(text, "请依次触摸 1 至 5；不计入评价", view.secondTexts === null ? undefined : "Touch 1 to 5 in turn; nothing is rated");
  };
  return { element, update };
};
