/** Turns pointers and keyboards into fingers on the pad's keys. */

export const watchFingers = (keys, { down, up }) => {
  /** Key → what holds it: a pointer or a key of the keyboard. */
  const held = new Map();

  const press = (key, by) => {
    if (held.has(key)) return;
    held.set(key, by);
    down(key);
  };
  const release = (key) => {
    if (held.delete(key)) up(key);
  };
  const releaseAllBy = (by) => {
    for (const [key, holder] of held) if (holder === by) release(key);
  };

  const keyAt = (event) => Number(event.target.closest?.("[data-key]")?.dataset.key) || undefined;

  keys.addEventListener("pointerdown", (event) => {
    const key = keyAt(event);
    if (key === undefined || event.button !== 0) return;
    event.target.closest("[data-key]").setPointerCapture(event.pointerId);
    press(key, event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    keys.addEventListener(end, (event) => releaseAllBy(event.pointerId));
  }
  // A long touch must hold the key and not open a menu.
  keys.addEventListener("contextmenu", (event) => event.preventDefault());
  // Screen readers click without a pointer and without a key of the keyboard.
  keys.addEventListener("click", (event) => {
    const key = keyAt(event);
    if (key === undefined || event.detail !== 0 || held.has(key)) return;
    press(key, "click");
    release(key);
  });

  const keyOf = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
    if (/^[1-5]$/.test(event.key)) return Number(event.key);
    return event.key === "Enter" || event.key === " " ? keyAt(event) : undefined;
  };
  addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if (key === undefined) return;
    event.preventDefault();
    if (!event.repeat) press(key, event.code);
  });
  addEventListener("keyup", (event) => {
    if (event.key === " " && keyAt(event) !== undefined) event.preventDefault();
    releaseAllBy(event.code);
  });
  addEventListener("blur", () => {
    for (const key of held.keys()) release(key);
  });
};
