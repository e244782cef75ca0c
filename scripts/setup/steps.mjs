/**
 * Tells how set-up gets on: one line for each step, on standard error so that a command's own output stays clean.
 * On a terminal the line of the running step is redrawn; elsewhere a step that takes long says so every ten seconds.
 */

const REDRAW_MS = 120;
const REMIND_MS = 10_000;

/** A step that failed for a reason its reader can act on: printed without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message what happened
   * @param {string} advice one sentence that says what to do
   * @param {string} [output] what the failing program printed, whole
   */
  constructor(message, advice, output = "") {
    super(message);
    this.name = "SetupError";
    this.advice = advice;
    this.output = output;
  }
}

/**
 * Runs one step and shows it.
 *
 * @template T
 * @param {string} title
 * @param {(update: (done: number, of: number) => void) => Promise<T>} work calls `update` as often as it likes
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Promise<T>}
 */
export async function step(title, work, stream = process.stderr) {
  const started = Date.now();
  let progress = "";
  const line = () => `set-up: ${title} … ${progress}${seconds(started)}`;
  const show = stream.isTTY
    ? setInterval(() => stream.write(`\r\x1b[K${line()}`), REDRAW_MS)
    : setInterval(() => stream.write(`${line()}\n`), REMIND_MS);
  const start = stream.isTTY ? "\r\x1b[K" : "";
  try {
    const result = await work((done, of) => {
      progress = `${bar(done, of)} ${done}/${of} `;
    });
    stream.write(`${start}set-up: ${title}: done (${seconds(started)})\n`);
    return result;
  } catch (error) {
    stream.write(`${start}set-up: ${title}: failed (${seconds(started)})\n`);
    throw error;
  } finally {
    clearInterval(show);
  }
}

/** @param {number} started */
function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/**
 * @param {number} done
 * @param {number} of
 */
function bar(done, of) {
  const width = 20;
  const full = of === 0 ? width : Math.min(width, Math.round((done / of) * width));
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
}
