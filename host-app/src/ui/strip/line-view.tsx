import type { ClerkOnDuty } from "@window-rating/protocol/desk";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "./line.ts";
import { Sign } from "./sign.tsx";
import type { Message } from "./strip-model.ts";

interface LineViewProps {
  readonly line: Line;
  readonly windowNo: string | null;
  readonly clerks: readonly ClerkOnDuty[];
  readonly message: Message | null;
  /** What somebody should be asked beside it. */
  readonly children?: ReactNode;
}

/** Its case numbers and dates each in one piece. */
const Sentence = ({ text }: { readonly text: string }) =>
  text.split(/([\w.]+(?:-[\w.]+)+)/).map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place in the sentence
      <span key={place} className="whole">
        {part}
      </span>
    ),
  );

/** The one honest line: sign and word of the tone, what matters now, and what stands behind it. */
export const LineView = ({ line, windowNo, clerks, message, children }: LineViewProps) => {
  const { t } = useTranslation();
  return (
    <header className="line">
      <span className="tone">
        <Sign tone={line.tone} />
        {t(`tone.${line.tone}`)}
      </span>
      <div className="said">
        <h1 className="main" data-testid="main">
          <Sentence text={line.main} />
        </h1>
        <p className="details">
          {[
            ...(windowNo === null ? [] : [t("line.window", { windowNo })]),
            ...clerks.map((clerk) => t("line.clerk", { ...clerk })),
            ...line.details,
          ].map((detail) => (
            <span key={detail}>
              <Sentence text={detail} />
            </span>
          ))}
        </p>
        {/* Always there, so that nothing moves under the pointer and screen readers hear what comes into it. */}
        <p className="message" role="status" data-is={message?.is ?? "none"}>
          {message?.text ?? ""}
        </p>
      </div>
      {children !== undefined && <div className="asked">{children}</div>}
    </header>
  );
};
