/**
 * A hand that trembles, or rests on the glass while a finger of it touches a key: browsers take the one for scrolling, the next tap after
 * it for the end of that, and the other for two fingers that enlarge, and give the key no click. Here a finger that comes down on a key and
 * goes up on it has touched it, wherever it slid between and whatever lies beside the keys. Two keys at once are none: nobody knows which
 * was meant.
 */

/** What the browser makes a click of as well, it does by then, milliseconds. */
const LATE_CLICK_MS = 700;

const keyAt = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest("button:enabled") ?? null;

/** @param pad whose keys are touched; `data-ready` says whether they take touches */
export const steadyHand = (pad) => {
  /** The fingers that came down on a key, each with its key. */
  const fingers = new Map();
  /** The one key that is touched; null: more than one was. */
  let wanted = null;
  /** Until when a click of the browser is one that was made here already. */
  let madeUntil = 0;

  const letGo = ({ pointerId }) => {
    const key = fingers.get(pointerId);
    fingers.delete(pointerId);
    return key;
  };
  addEventListener("pointerdown", (event) => {
    madeUntil = 0;
    if (event.pointerType !== "touch") return;
    // No other is on the glass then, whatever was said of one that went before.
    if (event.isPrimary) fingers.clear();
    const key = pad.dataset.ready === "true" ? keyAt(event) : null;
    if (key === null) return;
    if (fingers.size === 0) wanted = key;
    else if (wanted !== key) wanted = null;
    fingers.set(event.pointerId, key);
  });
  addEventListener("pointercancel", (event) => {
    if (letGo(event) !== undefined) wanted = null;
  });
  addEventListener("pointerup", (event) => {
    const key = letGo(event);
    if (key === undefined) return;
    if (keyAt(event) !== key) wanted = null;
    if (fingers.size > 0 || wanted !== key || pad.dataset.ready !== "true") return;
    madeUntil = event.timeStamp + LATE_CLICK_MS;
    key.click();
  });
  addEventListener(
    "click",
    (event) => {
      // Keyboards and screen readers click without a pointer.
      if (!event.isTrusted || event.detail === 0 || event.timeStamp > madeUntil) return;
      madeUntil = 0;
      event.stopPropagation();
      event.preventDefault();
    },
    true,
  );
};
