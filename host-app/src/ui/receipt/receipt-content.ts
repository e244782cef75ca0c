/** What the strip gives the receipt's page to print. All of it is what the citizen may take home: nothing of a rating, no clerk. */
export interface ReceiptContent {
  readonly paper: "A6" | "58mm";
  readonly language: "zh-CN" | "en";
  /** Lines of text from top to bottom. */
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly value: string;
    /** It may be cut where it is long; numbers never are. */
    readonly isName?: boolean;
  }[];
  readonly qr: { readonly size: number; readonly path: string; readonly label: string };
  readonly footer: readonly string[];
}

/** Between the strip and the receipt's page in its frame, both of one origin. */
export type ReceiptMessage =
  | { readonly is: "print"; readonly content: ReceiptContent }
  | { readonly is: "ready" }
  | { readonly is: "printed" };
