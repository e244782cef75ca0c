import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReceiptContent, ReceiptMessage } from "../../receipt/receipt-content.ts";
import { codeOf } from "../actions.ts";
import { dateTime } from "../line.ts";
import type { PanelProps } from "../panel-props.ts";
import { QrCode, qrPath } from "../qr-code.tsx";
import { Choice, Form } from "./form.tsx";

/** The code of one case: on the screen, which the clerk turns to the citizen, or on a receipt. */
export const CodePanel = ({ model, state, preferences, close }: PanelProps) => {
  const { t, i18n } = useTranslation();
  const [paper, setPaper] = useState(preferences.paper);
  const frame = useRef<HTMLIFrameElement>(null);
  // What was opened stays what it is, also if another case begins meanwhile.
  const [code] = useState(() => codeOf(state));
  // Nobody is asked to scan who has rated, and nobody's receipt is printed for nothing.
  const isOver = code !== null && state.request?.code?.text === code.text && codeOf(state) === null;
  useEffect(() => {
    if (isOver) close();
  }, [isOver, close]);
  if (code === null) return <p className="hint">{t("code.none")}</p>;

  const until = code.untilMs === null ? null : t("code.until", { time: dateTime(code.untilMs, i18n.language) });
  const print = async (): Promise<void> => {
    const receipt = frame.current?.contentWindow;
    if (receipt == null) return;
    const content: ReceiptContent = {
      paper,
      language: preferences.language,
      title: t("receipt.title"),
      lines: [
        { name: t("startCase.caseNo"), value: code.caseNo },
        { name: t("receipt.item"), value: code.itemName, isName: true },
        { name: t("receipt.window"), value: t("line.window", { windowNo: state.windowNo }) },
        { name: t("receipt.time"), value: dateTime(Date.now(), i18n.language) },
      ],
      qr: { ...qrPath(code.text), label: t("code.scan") },
      footer: [t("code.scan"), ...(until === null ? [] : [until]), t("receipt.free")],
    };
    receipt.postMessage({ is: "print", content } satisfies ReceiptMessage, location.origin);
    model.say("done", t("code.printing"));
  };

  return (
    <Form title={`${t("code.title")} · ${code.caseNo}`} submit={t("code.print")} onSubmit={print} onClose={close}>
      <div className="code wide">
        <QrCode text={code.text} label={t("code.scan")} />
        <div>
          <p className="scan">{t("code.scan")}</p>
          {until !== null && <p className="hint">{until}</p>}
          <Choice<"A6" | "58mm">
            label={t("code.paper")}
            value={paper}
            onChange={setPaper}
            options={[
              { value: "A6", text: "A6" },
              { value: "58mm", text: "58 mm" },
            ]}
          />
        </div>
      </div>
      <iframe ref={frame} className="receipt" src="receipt.html" title={t("receipt.title")} tabIndex={-1} aria-hidden="true" />
    </Form>
  );
};
