import { Nothing } from "../../elements/nothing.tsx";
import { Section } from "../../elements/page.tsx";
import { timeText } from "../../elements/quantities.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords, type WordKey } from "../../words/use-words.ts";
import type { Central } from "./central.ts";

const KINDS: Readonly<Record<string, WordKey>> = {
  rating: "central.rating",
  "not-rated": "central.notRated",
  paper: "central.paper",
  unbound: "central.unbound",
};

/** Codes with a sentence for IT staff. */
const REASONS = ["WR7001", "WR7004", "WR7005", "WR7006", "WR7007", "WR7008", "WR7009", "WR7020", "WR6008"] as const;
type Reason = (typeof REASONS)[number];
const isReason = (code: string): code is Reason => (REASONS as readonly string[]).includes(code);

/** What central refused, why, and what IT does about it. Its level is not told to this page. */
export const SetAside = ({ central: { newest, setAside } }: { readonly central: Central }) => {
  const { t } = useWords();
  if (setAside === 0)
    return (
      <Section title={t("central.aside")}>
        <Nothing title={t("central.asideNone")} />
      </Section>
    );
  return (
    <Section title={t("central.aside")}>
      <p>{t("central.asideHint")}</p>
      <WideTable label={t("central.aside")} heads={(["no", "kind", "caseNo", "when", "why"] as const).map((name) => t(`central.${name}`))}>
        {newest.map(({ number, kind, caseNo, atMs, code, detail }) => (
          <tr key={number}>
            <th scope="row">{number}</th>
            <td>{t(KINDS[kind] ?? "frame.unknown")}</td>
            <td>{caseNo ?? t("central.none")}</td>
            <td>{timeText(atMs)}</td>
            <td>
              <strong>{code}</strong> {t(isReason(code) ? `central.${code}` : "central.otherReason")}
              <p className="detail" lang="en">
                {detail}
              </p>
            </td>
          </tr>
        ))}
      </WideTable>
      {setAside > newest.length ? <p>{t("central.more", { count: setAside - newest.length })}</p> : null}
    </Section>
  );
};
