import type { ReactNode } from "react";

interface WideTableProps {
  /** Says what the table lists. */
  readonly label: string;
  readonly heads: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table that scrolls in a place of its own where it is wider than the page; the keyboard reaches that place. */
export const WideTable = ({ label, heads, children }: WideTableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by keyboard
  <div className="wide" role="region" aria-label={label} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
