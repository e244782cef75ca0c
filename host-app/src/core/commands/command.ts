/** What a command may touch of its process. */
export interface CommandEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line or more, without the last line break. */
  print(text: string): void;
}

/** @returns the exit code: 0 done, 1 failed. Bad usage is thrown as WR8002. */
export type Command = (args: readonly string[], environment: CommandEnvironment) => Promise<number> | number;
