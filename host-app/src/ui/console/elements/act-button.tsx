import { Button, Modal } from "antd";
import { useState } from "react";
import type { Reply } from "../../../messages/client.ts";
import type { Refusal } from "../../../messages/envelope.ts";
import type { AnswerOf, RequestName } from "../../../messages/requests.ts";
import { useWords } from "../words/use-words.ts";
import { RefusalNote } from "./refusal-note.tsx";

interface ActButtonProps<Name extends RequestName> {
  readonly text: string;
  readonly ask: () => Promise<Reply<Name>>;
  readonly onDone?: (answer: AnswerOf<Name>) => void;
  /** Asked before it is done: the question, and what a yes brings about. */
  readonly question?: { readonly title: string; readonly text: string };
  readonly isMain?: boolean;
  readonly isDisabled?: boolean;
}

/** A button that has something done: busy until it is, with the refusal beneath it if it is not. */
export const ActButton = <Name extends RequestName>(props: ActButtonProps<Name>) => {
  const { text, ask, onDone, question, isMain = false, isDisabled = false } = props;
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const act = async (): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    const reply = await ask();
    setBusy(false);
    if (reply.is === "refused") return setRefusal(reply.error);
    setAsking(false);
    onDone?.(reply.body);
  };
  const note = refusal === undefined ? null : <RefusalNote refusal={refusal} />;
  return (
    <>
      <Button
        type={isMain ? "primary" : "default"}
        // Enter in a field of its form presses it.
        htmlType={isMain ? "submit" : "button"}
        disabled={isDisabled}
        loading={isBusy && question === undefined}
        onClick={() => (question === undefined ? void act() : setAsking(true))}
      >
        {text}
      </Button>
      {question === undefined ? (
        note
      ) : (
        <Modal
          open={isAsking}
          title={question.title}
          okText={text}
          cancelText={t("frame.cancel")}
          confirmLoading={isBusy}
          onOk={() => void act()}
          onCancel={() => {
            setAsking(false);
            setRefusal(undefined);
          }}
          destroyOnHidden
        >
          <p>{question.text}</p>
          {note}
        </Modal>
      )}
    </>
  );
};
