import { type RefObject, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { DOCKED_PX, dockedNeed } from "./bar.ts";

const onResize = (listener: () => void): (() => void) => {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
};
/** The width it had when it was docked last. */
let lastDocked: number | null = null;

const dockedWidth = (): number | null => {
  const { innerWidth, innerHeight, windowRatingShell } = window;
  if (innerHeight <= DOCKED_PX) lastDocked = innerWidth;
  // As wide as before and higher: it has grown for what was opened, and its buttons stay as they are.
  else if (windowRatingShell === undefined || innerWidth !== lastDocked) lastDocked = null;
  return lastDocked;
};

/** The width of a docked strip, CSS pixels; null: it stands in an ordinary window. */
export const useDockedWidth = (): number | null => useSyncExternalStore(onResize, dockedWidth);

/** A strip that has grown by a line is not made lower at once: what goes up and down disturbs whoever works below it. */
const LOWER_AFTER_MS = 3000;

/**
 * Asks for a little more height while line and buttons do not fit into a docked strip: nothing may lie below its edge. A page in a window
 * of its own scrolls instead.
 * @param isOpen something is opened, which asks for itself
 */
export const useDockedHeight = (strip: RefObject<HTMLElement | null>, isOpen: boolean): void => {
  const asked = useRef<number | null>(null);
  const fitsSince = useRef<number | null>(null);
  // After every change of what is shown, and with the clock of the line.
  useLayoutEffect(() => {
    const shell = window.windowRatingShell;
    if (shell === undefined || strip.current === null) return;
    // What was opened asks for itself, and gives its height back when it is closed; the window may still be on its way.
    if (isOpen) asked.current = null;
    if (isOpen || window.innerHeight > DOCKED_PX) return;
    const need = dockedNeed(contentHeight(strip.current));
    const isLower = (need ?? 0) < (asked.current ?? 0);
    fitsSince.current = isLower ? (fitsSince.current ?? performance.now()) : null;
    if (need === asked.current || (isLower && performance.now() - (fitsSince.current ?? 0) < LOWER_AFTER_MS)) return;
    asked.current = need;
    fitsSince.current = null;
    shell.needHeight(need);
  });
};

/**
 * Gives a form that was opened on a docked strip the height that it turns out to need. It is asked for a first height where it is opened
 * (panel.tsx), by which it leaves the row it was in; how high it is then, only the page that is laid out tells.
 * @param opened what is opened; null: nothing
 */
export const useOpenedHeight = (strip: RefObject<HTMLElement | null>, opened: string | null): void => {
  useLayoutEffect(() => {
    const shell = window.windowRatingShell;
    const element = strip.current;
    if (shell === undefined || element === null || opened === null) return undefined;
    let asked = 0;
    const measure = (): void => {
      if (window.innerHeight <= DOCKED_PX) return;
      const need = Math.max(Math.ceil(contentHeight(element)), DOCKED_PX + 1);
      // It is given back when the form is closed; one that becomes shorter is left as it is, for what goes up and down disturbs.
      if (asked !== 0 && need <= asked) return;
      asked = need;
      shell.needHeight(need);
    };
    const observer = new ResizeObserver(measure);
    for (const child of element.children) observer.observe(child);
    window.addEventListener("resize", measure);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, [strip, opened]);
};

/** From the highest edge of what is shown to the lowest, with the padding of the strip. */
const contentHeight = (strip: HTMLElement): number => {
  const boxes = [...strip.querySelectorAll(":scope > :not(.line), .line > *, .said > *")]
    .map((element) => element.getBoundingClientRect())
    .filter(({ height }) => height > 0);
  const { paddingTop, paddingBottom } = getComputedStyle(strip);
  const padding = Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom);
  return Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top)) + padding;
};
