/** Words, name and phone. What is typed is in these fields alone, and gone with them. */
import { html, setText } from "./elements.js";

const field = (name, element) => {
  const label = html("span");
  const fault = html("em", { role: "alert" });
  const box = html("label", { class: `field ${name}` }, html("span", { class: "caption" }, label, fault), element);
  return { name, box, label, fault, element };
};
const quiet = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };

export const writing = (stir) => {
  const words = field("words", html("textarea", { ...quiet, maxlength: 200, rows: 3 }));
  const name = field("name", html("input", { ...quiet, type: "text", maxlength: 30 }));
  const phone = field("phone", html("input", { ...quiet, type: "tel", inputmode: "none", maxlength: 24 }));
  const note = html("p", { class: "note" });
  const digits = html("div", { class: "digits", role: "group" });
  const type = (digit) => {
    if (phone.element.value.length < 24) phone.element.value += digit;
    stir();
  };
  for (const digit of "1234567890") {
    const button = html("button", { type: "button", "data-digit": digit }, digit);
    button.addEventListener("click", () => type(digit));
    digits.append(button);
  }
  const erase = html("button", { type: "button", class: "erase" });
  erase.addEventListener("click", () => {
    phone.element.value = phone.element.value.slice(0, -1);
    stir();
  });
  digits.append(erase);
  const contact = html("div", { class: "contact" }, note, name.box, phone.box);
  const element = html("div", { class: "writing" }, words.box, contact, digits);
  element.hidden = true;
  element.addEventListener("input", stir);
  const fields = [words, name, phone];
  return {
    element,
    read: () => ({ words: words.element.value, name: name.element.value, phone: phone.element.value }),
    /** Leads to a field that must be corrected. */
    point: (mistake) => fields.find((one) => one.name === mistake)?.element.focus(),
    update({ scene, texts }) {
      words.box.hidden = !scene.asksWords;
      contact.hidden = !scene.asksContact;
      digits.hidden = !scene.asksContact;
      setText(words.label, texts["details.words"]);
      setText(name.label, texts["details.name"]);
      setText(phone.label, texts["details.phone"]);
      setText(note, texts["details.contact"]);
      setText(erase, texts["details.erase"]);
      digits.setAttribute("aria-label", texts["details.phone"]);
      for (const one of fields) {
        const isWrong = scene.mistake === one.name;
        setText(one.fault, isWrong ? texts[`details.${one.name}Mistake`] : "");
        one.element.setAttribute("aria-invalid", String(isWrong));
      }
    },
  };
};
