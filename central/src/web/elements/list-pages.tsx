import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { Answered } from "./answered.tsx";

interface ListPagesProps<P, R> {
  readonly asked: UseInfiniteQueryResult<{ pages: P[] }>;
  readonly rowsOf: (page: P) => readonly R[];
  readonly empty: ReactNode;
  readonly children: (rows: readonly R[]) => ReactNode;
}

/** All pages of a list that were read so far, and the button for the next. */
export function ListPages<P, R>({ asked, rowsOf, empty, children }: ListPagesProps<P, R>): ReactNode {
  const { t } = useWords();
  return (
    <Answered asked={asked}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => rowsOf(page));
        if (rows.length === 0) return empty;
        return (
          <>
            {children(rows)}
            <div className="list-end">
              <span className="quiet" role="status">
                {t("frame.shown", { count: rows.length })}
              </span>
              {asked.hasNextPage ? (
                <Button loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
                  {t("frame.moreRows")}
                </Button>
              ) : null}
            </div>
          </>
        );
      }}
    </Answered>
  );
}
