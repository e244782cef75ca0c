import { useEffect, useState } from "react";

/** The page's own clock, milliseconds, anew every second while something on the screen grows old. */
export const useSecond = (isRunning: boolean): number => {
  const [nowMs, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    setNow(performance.now());
    const timer = window.setInterval(() => setNow(performance.now()), 1000);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  return nowMs;
};
