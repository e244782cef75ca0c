/**
 * A hand that trembles, or rests on the glass while a finger of it touches a key: browsers take the one for scrolling and the other for
 * two fingers that enlarge, and give the key no click. Here a finger that comes down on a key and goes up on it has touched it, wherever
 * it slid between and whatever lies beside the keys. Two keys at once are none: nobody knows which was meant.
 */

/** As far as browsers let a finger slide and still call it a tap; less is left to them, CSS pixels. */
const SLIDES_FROM = 8;
/** A browser that called it a tap all the same says so by then, milliseconds. */
const LATE_CLICK_MS = 700;

const keyAt = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest("button:enabled") ?? null;

/** @param pad whose keys are touched; `data-ready` says whether they take touches */
export const steadyHand = (pad) => {
  /** All fingers on the glass, and those that came down on a key, with it and the place. */
  const down = new Set();
  const onKeys = new Map();
  /** The one key that is touched; null: more than one was. */
  let wanted = null;
  /** More than one finger was down, which no browser calls a tap. */
  let isCrowd = false;
  /** A click that this file has made, and that the browser may make once more. */
  let made;

  const letGo = ({ pointerId }) => {
    down.delete(pointerId);
    const finger = onKeys.get(pointerId);
    onKeys.delete(pointerId);
    return finger;
  };
  addEventListener("pointerdown", (event) => {
    const { pointerId, pointerType, isPrimary, clientX: x, clientY: y } = event;
    made = undefined;
    if (pointerType !== "touch") return;
    // No other is on the glass then, whatever was said of one that went before.
    if (isPrimary) for (const all of [down, onKeys]) all.clear();
    down.add(pointerId);
    isCrowd = down.size > 1;
    const key = pad.dataset.ready === "true" ? keyAt(event) : null;
    if (key === null) return;
    if (onKeys.size === 0) wanted = key;
    else if (wanted !== key) wanted = null;
    onKeys.set(pointerId, { key, x, y });
  });
  addEventListener("pointercancel", (event) => {
    if (letGo(event) !== undefined) wanted = null;
  });
  addEventListener("pointerup", (event) => {
    const finger = letGo(event);
    if (finger === undefined) return;
    if (keyAt(event) !== finger.key) wanted = null;
    if (onKeys.size > 0 || wanted !== finger.key || pad.dataset.ready !== "true") return;
    const slid = Math.hypot(event.clientX - finger.x, event.clientY - finger.y);
    if (slid < SLIDES_FROM && !isCrowd) return;
    made = { key: finger.key, until: event.timeStamp + LATE_CLICK_MS };
    finger.key.click();
  });
  addEventListener(
    "click",
    (event) => {
      if (!event.isTrusted || made === undefined || event.timeStamp > made.until || !made.key.contains(event.target)) return;
      made = undefined;
      event.stopPropagation();
      event.preventDefault();
    },
    true,
  );
};
