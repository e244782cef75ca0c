import type { ReactNode } from "react";

export interface Column<R> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: R) => ReactNode;
  /** `number`: to the right, in figures of one width; `nowrap`: never broken; `wide`: takes the room that is left. */
  readonly look?: "number" | "nowrap" | "wide";
}

interface TableProps<R> {
  /** Says what the table lists. */
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string | number;
  /** Beneath a row, over its whole width. */
  readonly below?: ((row: R) => ReactNode) | undefined;
  readonly rowClass?: ((row: R) => string | undefined) | undefined;
}

/** A plain table. Where it is wider than the page it scrolls in a region of its own, which the keyboard reaches. */
export function Table<R>({ label, columns, rows, rowKey, below, rowClass }: TableProps<R>): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll it
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ key, title, look }) => (
              <th key={key} scope="col" className={look}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map((row) => {
          const beneath = below?.(row) ?? null;
          return (
            <tbody key={rowKey(row)} className={rowClass?.(row)}>
              <tr>
                {columns.map(({ key, cell, look }) => (
                  <td key={key} className={look}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
              {beneath === null ? null : (
                <tr className="below">
                  <td colSpan={columns.length}>{beneath}</td>
                </tr>
              )}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}
