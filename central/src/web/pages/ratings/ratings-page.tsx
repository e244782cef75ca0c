import type { ReactNode } from "react";
import { useAnswer, usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { useWords } from "../../words/use-words.ts";
import { RATING_FILTERS, rareRatingFields, ratingFields, ratingQuery } from "./rating-filters.ts";
import { RatingTable } from "./rating-table.tsx";

export const RatingsPage = (): ReactNode => {
  const words = useWords();
  const { t } = words;
  const values = useFilters(RATING_FILTERS);
  const query = ratingQuery(values);
  const ratings = usePages("ratings", query);
  const isFiltered = Object.values(values).some((value) => value !== "");
  const places = usePlaceFields();
  return (
    <Page title={t("title.ratings")} extra={<RatingCount query={query} />}>
      <Filters fields={ratingFields(words, places)} rare={rareRatingFields(words)} values={values} />
      <ListPages
        asked={ratings}
        rowsOf={(page) => page.ratings}
        empty={
          isFiltered ? (
            <Nothing title={t("frame.noRows")} advice={t("frame.noRowsAdvice")} />
          ) : (
            <Nothing title={t("ratings.none")} advice={t("ratings.noneAdvice")} />
          )
        }
      >
        {(rows) => <RatingTable rows={rows} />}
      </ListPages>
    </Page>
  );
};

const RatingCount = ({ query }: { readonly query: Record<string, string> }): ReactNode => {
  const { t, language } = useWords();
  const { data } = useAnswer("ratingCount", { query });
  // Its place is kept while it is counted.
  if (data === undefined) return <span className="count-place">&nbsp;</span>;
  if (data.count === null) return <span className="count-place">{t("ratings.countUnknown")}</span>;
  const count = data.count.toLocaleString(language === "zh" ? "zh-CN" : "en");
  return <span className="count-place">{t(data.more ? "ratings.countMore" : "ratings.count", { count })}</span>;
};
