/** Elements that every scene is made of. Nothing here knows of a server; all texts go in as text. */

const SVG = "http://www.w3.org/2000/svg";

const filled = (element, attributes, children) => {
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
};
export const svg = (name, attributes = {}, ...children) => filled(document.createElementNS(SVG, name), attributes, children);
export const html = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);

export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** A text in the language shown with the same in the second language under it. */
export const pair = (attributes = {}) => {
  const { class: more = "", ...rest } = attributes;
  return html("span", { ...rest, class: `pair ${more}`.trim() }, html("b"), html("small"));
};
export const setPair = (element, first, second) => {
  const [one, other] = element.children;
  setText(one, first);
  setText(other, second ?? "");
};
/** One of the pad's own texts, by its key, in both languages. */
export const setWords = (element, view, key) => setPair(element, view.texts[key] ?? "", view.secondTexts?.[key]);

/** A button that holds a pair. */
export const pairButton = (attributes, act) => {
  const words = pair();
  const button = html("button", { type: "button", ...attributes }, words);
  button.addEventListener("click", act);
  return { button, words };
};

const STAR = "M10 1.6l2.5 5.3 5.8.7-4.3 4 1.1 5.8L10 14.6l-5.1 2.8L6 11.6l-4.3-4 5.8-.7z";
/** As many stars as the number says; a screen reader hears the words beside them instead. */
export const stars = (count) =>
  svg(
    "svg",
    { viewBox: `0 0 ${count * 20} 20`, class: "stars", "data-count": count, "aria-hidden": "true" },
    ...Array.from({ length: count }, (_, index) => svg("path", { d: STAR, transform: `translate(${index * 20} 0)` })),
  );

/** A QR code with the quiet zone of four squares that readers need; or a picture of one. */
export const qrCode = (qr, label) =>
  typeof qr === "string"
    ? html("img", { class: "qr", src: qr, alt: label })
    : svg(
        "svg",
        { class: "qr", role: "img", "aria-label": label, viewBox: `-4 -4 ${qr.size + 8} ${qr.size + 8}`, "shape-rendering": "crispEdges" },
        svg("rect", { x: -4, y: -4, width: qr.size + 8, height: qr.size + 8, fill: "#fff" }),
        svg("path", { d: qr.path, fill: "#000" }),
      );

/** The clerk's photo; a plain figure where there is none. */
export const photo = (card) =>
  card.photo === null
    ? svg(
        "svg",
        { class: "photo", viewBox: "0 0 60 80", "aria-hidden": "true" },
        svg("rect", { width: 60, height: 80, class: "ground" }),
        svg("circle", { cx: 30, cy: 30, r: 14, class: "figure" }),
        svg("path", { d: "M6 80c0-18 11-28 24-28s24 10 24 28z", class: "figure" }),
      )
    : html("img", { class: "photo", src: card.photo, alt: card.name });

/** Replaces what is in an element if what it is made from has changed. */
export const redraw = (element, from, make) => {
  const text = JSON.stringify(from);
  if (element.madeFrom === text) return;
  element.madeFrom = text;
  element.replaceChildren(...make());
};
