import { readFileSync } from "node:fs";

/** Clock ticks of the kernel in a second, as /proc counts them. */
const TICKS = 100;

/** What a process has used of the machine so far (Linux). */
export interface ProcessUsage {
  /** Processor time, user and system, seconds. */
  readonly cpuSeconds: number;
  /** Most memory it ever had at once, megabytes of 10⁶ bytes. */
  readonly mostMB: number;
}

export const usageOf = (pid: number): ProcessUsage => {
  // The name of the program stands in brackets and may hold anything; utime and stime are the 12th and 13th field behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const most = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, mostMB: (Number(most) * 1024) / 1e6 };
};

/** Memory that a process has now, megabytes of 10⁶ bytes (Linux). */
export const residentMB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024e-6;
