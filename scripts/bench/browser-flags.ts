/** Flags of a browser that is to do nothing by itself while it is measured. */
export const BROWSER_FLAGS: readonly string[] = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Its sandbox refuses to be started by root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
