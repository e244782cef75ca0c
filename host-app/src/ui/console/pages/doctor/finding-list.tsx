import type { AnswerOf } from "../../../../messages/requests.ts";
import { useWords } from "../../words/use-words.ts";
import { subjectPair } from "./subjects.ts";

export type Finding = AnswerOf<"doctor.run">["findings"][number];

const TONES = { fail: "stop", warn: "look", ok: "good" } as const;

/** Findings of the doctor, one beneath the other, each with what to do. */
export const FindingList = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const { t, pair, sentence, language } = useWords();
  return (
    <ul className="findings">
      {findings.map(({ level, subject, text, code, todo }) => {
        const own = code === undefined || language === "en" ? "" : sentence(code, "");
        return (
          <li key={`${subject} ${text}`} data-level={level}>
            <span className={`tone ${TONES[level]}`}>{t(`doctor.${level}`)}</span>
            <div>
              <strong>{pair(subjectPair(subject))}</strong>
              {own === "" ? null : <p>{own}</p>}
              <p className={own === "" ? "" : "detail"}>{own !== "" || code === undefined ? text : `${code} ${text}`}</p>
              {todo === undefined ? null : (
                <p className={own === "" ? "" : "detail"}>
                  {t("doctor.todo")}
                  {todo}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
};
