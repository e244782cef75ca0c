import type { AnswerOf } from "../../../../messages/requests.ts";
import { toldFinding } from "../../words/doctor.ts";
import { useWords } from "../../words/use-words.ts";
import { subjectPair } from "./subjects.ts";

export type Finding = AnswerOf<"doctor.run">["findings"][number];

const TONES = { fail: "stop", warn: "look", ok: "good" } as const;

/** Findings of the doctor, one beneath the other, each with what to do. */
export const FindingList = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const { t, pair, language } = useWords();
  return (
    <ul className="findings">
      {findings.map((finding) => {
        const { text, todo, detail } = toldFinding(finding, language);
        return (
          <li key={`${finding.subject} ${finding.text}`} data-level={finding.level} data-code={finding.code}>
            <span className={`tone ${TONES[finding.level]}`}>{t(`doctor.${finding.level}`)}</span>
            <div>
              <strong>{pair(subjectPair(finding.subject))}</strong>
              <p>{text}</p>
              {todo === null ? null : (
                <p>
                  {t("doctor.todo")}
                  {todo}
                </p>
              )}
              {detail === null ? null : (
                <p className="detail">
                  {t("frame.detail")}
                  <span lang="en">{detail}</span>
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
};
