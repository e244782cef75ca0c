import type { PadFace } from "../face.ts";
import type { Card, Scene, ScreenShow } from "../touchscreen/screen.ts";
import { type QrPicture, qrPicture } from "./qr-picture.ts";

/** An asset as the page asks for it. */
type Picture = string | null;

type ScenePictured =
  | { readonly is: "idle"; readonly card: CardView | null; readonly notice: string | null; readonly qr: QrPicture | Picture }
  | Extract<Scene, { is: "paused" | "thanks" }>
  | (Omit<Extract<Scene, { is: "options" }>, "caseQr" | "card"> & Pictured)
  | (Omit<Extract<Scene, { is: "details" }>, "caseQr" | "card"> & Pictured)
  /** `code`: eight digits, or null when the button is wanted. */
  | { readonly is: "pairing"; readonly code: string | null }
  | { readonly is: "fault" | "dark" };
type CardView = Omit<Card, "photo"> & { readonly photo: Picture };
interface Pictured {
  readonly caseQr: QrPicture | null;
  readonly card: Pick<CardView, "staffNo" | "name" | "title" | "photo"> | null;
}

/** A touchscreen as its page draws it. Nothing that a citizen wrote is ever in it. */
export interface TouchView extends Omit<ScreenShow, "scene" | "logo" | "recordings"> {
  readonly scene: ScenePictured;
  readonly logo: Picture;
  /** The newest prompt: its words in the language shown, and its recording if there is one. */
  readonly spoken: { readonly text: string; readonly recording: Picture; readonly at: number } | null;
  readonly remainingMs: number | null;
  /** The pad is being identified. */
  readonly isBlinking: boolean;
  readonly connection: PadFace["connection"];
  readonly pendingEvents: number;
  readonly model: string;
  readonly serialNumber: string;
}

export const ASSET_PATH = "/assets/";

const picture = (asset: string | null): Picture => asset && ASSET_PATH + asset.split("/").map(encodeURIComponent).join("/");

/** What turns text around has no place on a screen; what joins letters has, in some scripts. */
const clean = (text: string): string => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");

/** Every text in it without what turns text around. */
const cleaned = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === "string" ? clean(one) : one));

const pictured = (scene: Scene): ScenePictured => {
  switch (scene.is) {
    case "idle": {
      const { card, notice, windowQr, windowQrPicture } = scene;
      const qr = picture(windowQrPicture) ?? (windowQr === null ? null : qrPicture(windowQr));
      return { is: "idle", notice, qr, card: card && { ...card, photo: picture(card.photo) } };
    }
    case "options":
    case "details": {
      const { caseQr, card, ...rest } = scene;
      return { ...rest, caseQr: caseQr === null ? null : qrPicture(caseQr), card: card && { ...card, photo: picture(card.photo) } };
    }
    case "paused":
    case "thanks":
      return scene;
  }
};

const sceneOf = ({ power, phase, pairing }: PadFace, scene: Scene): ScenePictured => {
  if (!power) return { is: "dark" };
  if (phase === "fault") return { is: "fault" };
  if (phase === "pairing") return { is: "pairing", code: pairing?.is === "code" ? pairing.code : null };
  return pictured(scene);
};

/** The view of a pad with a touchscreen. */
export const touchViewOf = (face: PadFace, screen: ScreenShow): TouchView => {
  const { scene, logo, recordings, ...shown } = screen;
  const { spoken } = face;
  return cleaned({
    ...shown,
    scene: sceneOf(face, scene),
    logo: picture(logo),
    spoken: spoken && {
      text: shown.texts[`prompt.${spoken.id}`] ?? spoken.zh,
      recording: picture(recordings[String(spoken.id)] ?? null),
      at: spoken.at,
    },
    remainingMs: face.remainingMs,
    isBlinking: face.lamps.includes("blink"),
    connection: face.connection,
    pendingEvents: face.pendingEvents,
    model: face.model,
    serialNumber: face.serialNumber,
  });
};
