import { Button } from "antd";
import { useState } from "react";
import type { Reply } from "../../../messages/client.ts";
import type { Refusal } from "../../../messages/envelope.ts";
import { useWords } from "../words/use-words.ts";
import { RefusalNote } from "./refusal-note.tsx";
import { saveAs } from "./save-as.ts";

/** Electron lets no page save files; there the path on this PC is enough. */
const MAY_SAVE = !("windowRatingCarrier" in window);

type Pieces = (from: number) => Promise<Reply<"bundle.read" | "database.readExport">>;

interface SaveButtonProps {
  /** Where the file lies on this PC; its name is kept. */
  readonly path: string;
  readonly type: string;
  /** Asks for the piece that begins at this byte; an empty one ends the file. */
  readonly read: Pieces;
}

/** Has the browser save a file of this PC, which comes piece by piece over the console's own line. */
export const SaveButton = ({ path, type, read }: SaveButtonProps) => {
  const { t } = useWords();
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  if (!MAY_SAVE) return null;
  const save = async (): Promise<void> => {
    setSaving(true);
    const fetched = await piecesOf(read);
    setSaving(false);
    if ("code" in fetched) return setRefusal(fetched);
    setRefusal(undefined);
    saveAs(new Blob(fetched.pieces, { type }), path.split(/[/\\]/).at(-1) ?? "file");
  };
  return (
    <>
      <Button loading={isSaving} onClick={() => void save()}>
        {t("bundle.download")}
      </Button>
      {refusal === undefined ? null : <RefusalNote refusal={refusal} />}
    </>
  );
};

/** The bytes of a text in base64. */
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const piecesOf = async (read: Pieces): Promise<{ readonly pieces: Uint8Array<ArrayBuffer>[] } | Refusal> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; ; ) {
    const reply = await read(from);
    if (reply.is === "refused") return reply.error;
    const piece = bytesOf(reply.body.data);
    if (piece.length === 0) return { pieces };
    pieces.push(piece);
    from += piece.length;
  }
};
