import type { TerminalInput, TerminalOutput } from "../panels/terminal.ts";

/** What a command line is given by its process. */
export interface Surroundings {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  err(text: string): void;
  /** Settles when the process is asked to end. */
  untilStopped(): Promise<void>;
}
