/** The code of a pairing in two groups of four, or the button by which a person says that the PC has it. */
import { html, pair, setText, setWords } from "./elements.js";

/** @param press called when the button is pressed */
export const pairing = (press) => {
  const headline = pair({ class: "headline" });
  const text = pair({ class: "text" });
  const code = html("p", { class: "pairing-code" });
  const button = html("button", { type: "button", class: "pairing-press" });
  button.addEventListener("click", press);
  const element = html("div", { class: "scene message", role: "status" }, headline, code, text, button);
  const update = (view) => {
    const { code: digits } = view.scene;
    setWords(headline, view, "pairing.headline");
    setWords(text, view, digits === null ? "pairing.wait" : "pairing.code");
    code.hidden = digits === null;
    setText(code, digits === null ? "" : `${digits.slice(0, 4)} ${digits.slice(4)}`);
    button.hidden = digits !== null;
    setText(button, view.texts["pairing.press"]);
  };
  return { element, update };
};
