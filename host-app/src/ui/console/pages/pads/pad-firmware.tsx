import { Input } from "antd";
import { useState } from "react";
import type { Reply } from "../../../../messages/client.ts";
import { PIECE_CHARACTERS } from "../../../../messages/console-pads.ts";
import type { ConsoleModel } from "../../console-model.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords, type WordKey } from "../../words/use-words.ts";
import { askPatiently, pause } from "./ask-patiently.ts";
import type { SeenWindow } from "./seen-window.ts";

/** Why a pad did not take a file, by the names of the pad protocol. */
const REFUSED: Readonly<Record<string, WordKey>> = {
  wrongHash: "padRefused.wrongHash",
  noRoom: "padRefused.noRoom",
  unsupported: "padRefused.unsupported",
  wrongModel: "padRefused.wrongModel",
  downgrade: "padRefused.downgrade",
  unknownSigner: "padRefused.unknownSigner",
  wrongSignature: "padRefused.wrongSignature",
  fault: "padRefused.fault",
  "no-answer": "padRefused.noAnswer",
};

interface PadFirmwareProps {
  readonly window: SeenWindow;
  readonly again: () => void;
}

/** Firmware by path or by upload, how an update goes, and which files are on the pad. */
export const PadFirmware = ({ window: { windowNo, files }, again }: PadFirmwareProps) => {
  const model = useModel();
  const { t } = useWords();
  const [path, setPath] = useState("");
  const [file, setFile] = useState<File>();
  const [share, setShare] = useState<number>();
  if (files === null) {
    return (
      <Section title={t("padFirmware.title")}>
        <p className="detail">{t("padFirmware.none")}</p>
      </Section>
    );
  }
  const listed = (names: readonly string[]): string => names.join("、") || t("padFirmware.nothing");
  const refused = Object.entries(files.refused).map(([name, why]) => {
    const key = REFUSED[why];
    return `${name}: ${key === undefined ? why : t(key)}`;
  });
  return (
    <Section title={t("padFirmware.title")}>
      <UpdateState files={files} />
      <div className="buttons pad-field">
        <label htmlFor="pad-image-path">{t("padFirmware.path")}</label>
        <Input id="pad-image-path" className="long" value={path} onChange={(event) => setPath(event.target.value)} />
        <ActButton
          text={t("padFirmware.fromPath")}
          isDisabled={path.trim() === ""}
          ask={() => model.ask("pads.update", { windowNo, path })}
          onDone={again}
        />
      </div>
      <div className="buttons pad-field">
        <label htmlFor="pad-image-file">{t("padFirmware.file")}</label>
        <input id="pad-image-file" type="file" onChange={(event) => setFile(event.target.files?.[0])} />
        <ActButton
          text={t("padFirmware.fromFile")}
          isDisabled={file === undefined}
          ask={async () => {
            const reply = await uploaded(model, windowNo, file as File, setShare);
            setShare(undefined);
            return reply;
          }}
          onDone={again}
        />
        <span role="status">{share === undefined ? "" : t("padFirmware.uploading", { percent: Math.floor(share * 100) })}</span>
      </div>
      <Facts
        facts={[
          [t("padFirmware.held"), listed(files.held)],
          [t("padFirmware.queued"), listed(files.waiting)],
          [t("padFirmware.refused"), refused.length === 0 ? undefined : listed(refused)],
        ]}
      />
      <div className="buttons">
        <ActButton text={t("padFirmware.refresh")} ask={() => model.ask("pads.refreshAssets", {})} onDone={again} />
      </div>
    </Section>
  );
};

const UpdateState = ({ files: { update, progress } }: { readonly files: NonNullable<SeenWindow["files"]> }) => {
  const { t } = useWords();
  if (update === null) return null;
  const { is, version, error, outcome } = update;
  if (is === "failed") {
    const title = t("padFirmware.failed", { version });
    const why = outcome === undefined ? undefined : REFUSED[outcome];
    return (
      <>
        {why === undefined ? null : <p className="stop">{t("padFirmware.notTaken", { version, why: t(why) })}</p>}
        <RefusalNote refusal={{ code: error?.code ?? "WR1033", title, detail: error?.detail ?? title, advice: "" }} />
      </>
    );
  }
  return (
    <p role="status" className={is === "kept" ? "good" : "look"}>
      {t(`padFirmware.${is}`, { version, percent: Math.floor((progress ?? 0) * 100) })}
    </p>
  );
};

/** Bytes that a piece has: base64 makes four characters of three of them. */
const PIECE_BYTES = (PIECE_CHARACTERS / 4) * 3;
/** Between two pieces, so that none comes too soon, milliseconds. */
const PAUSE_MS = 60;

/** The file in pieces, one after the other; with the last one the update begins. */
const uploaded = async (
  model: ConsoleModel,
  windowNo: string,
  file: File,
  progress: (share: number) => void,
): Promise<Reply<"pads.upload">> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let from = 0; ; ) {
    const piece = bytes.subarray(from, from + PIECE_BYTES);
    const isLast = from + piece.length >= bytes.length;
    const reply = await askPatiently(() => model.ask("pads.upload", { windowNo, from, piece: base64(piece), isLast }));
    if (reply.is === "refused" || isLast) return reply;
    from += piece.length;
    progress(from / bytes.length);
    await pause(PAUSE_MS);
  }
};

const base64 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
