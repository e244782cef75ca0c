/** What a code stands for. `advice` is one sentence that tells its reader what to do. */
export interface ErrorEntry {
  readonly title: string;
  readonly advice: string;
}
