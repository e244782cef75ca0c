/** What a window is and what the site lets it do. */
export interface WindowSettings {
  readonly windowNo: string;
  /** How long the pad invites, milliseconds. */
  readonly timeoutMs: number;
  /** How long a request waits for a pad that is away, milliseconds. */
  readonly waitMs: number;
  readonly manualTrigger: boolean;
  /** After so long without anything happening clerks are signed out, milliseconds; 0: never. */
  readonly idleMs: number;
  /** Whether a clerk may see the own totals, and how late; null: not at all. */
  readonly ownTotals: { readonly delayHours: number } | null;
}
