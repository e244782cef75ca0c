import type { ReceiptContent, ReceiptMessage } from "./receipt-content.ts";

/** Empty modules around the code; readers need four. */
const QUIET = 4;
const SVG = "http://www.w3.org/2000/svg";

const tell = (message: ReceiptMessage): void => window.parent.postMessage(message, location.origin);

const element = (name: string, ...content: (string | Node)[]): HTMLElement => {
  const made = document.createElement(name);
  made.append(...content);
  return made;
};

const picture = ({ size, path, label }: ReceiptContent["qr"]): SVGElement => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("shape-rendering", "crispEdges");
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", path);
  svg.append(modules);
  return svg;
};

const rowOf = ({ name, value, isName = false }: ReceiptContent["lines"][number]): HTMLElement => {
  const content = element("dd", value);
  if (isName) content.dataset.name = "";
  return element("div", element("dt", name), content);
};

const show = ({ paper, language, title, lines, qr, footer }: ReceiptContent): void => {
  const receipt = document.getElementById("receipt");
  if (receipt === null) return;
  document.documentElement.lang = language;
  receipt.dataset.paper = paper;
  receipt.replaceChildren(
    element("h1", title),
    element("dl", ...lines.map(rowOf)),
    picture(qr),
    ...footer.map((line) => element("p", line)),
  );
};

window.addEventListener("message", (event: MessageEvent<ReceiptMessage>) => {
  if (event.origin !== location.origin || event.source !== window.parent || event.data.is !== "print") return;
  show(event.data.content);
  window.print();
  tell({ is: "printed" });
});
tell({ is: "ready" });
