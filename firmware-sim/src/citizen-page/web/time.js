/** The seconds left; shown in the last ten only, so that nobody is hurried before. */
import { html, setText } from "./elements.js";

const SHOWN_FROM_S = 10;

export const timeLeft = () => {
  const seconds = html("strong");
  const words = html("span");
  const element = html("p", { class: "time", role: "timer" }, seconds, words);
  element.hidden = true;
  return {
    element,
    /** @param ms milliseconds left, or null  @param key of the text that says what the end of the time means here */
    draw(ms, view, key = "time.left") {
      const left = ms === null ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(ms / 1000));
      element.hidden = left > SHOWN_FROM_S;
      if (element.hidden) return;
      setText(seconds, String(left));
      setText(words, view.texts[key]);
    },
  };
};
