/** A length of time as a person says it: "340 ms", "12 s", "5 min", "3 h", "2 d". */
export const duration = (ms: number): string => {
  const long = Math.max(0, ms);
  if (long < 1000) return `${Math.round(long)} ms`;
  if (long < 120_000) return `${Math.round(long / 1000)} s`;
  if (long < 7_200_000) return `${Math.round(long / 60_000)} min`;
  if (long < 172_800_000) return `${Math.round(long / 3_600_000)} h`;
  return `${Math.round(long / 86_400_000)} d`;
};

/** A size on disk: "640 kB", "12.3 MB". */
export const size = (bytes: number): string => {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
};

/** Local date and time of a wall clock. */
export const dateTime = (wallMs: number): string => new Date(wallMs).toLocaleString("sv-SE");
