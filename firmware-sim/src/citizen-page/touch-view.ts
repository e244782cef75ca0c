import type { PadFace } from "../face.ts";
import type { Card, Scene, ScreenShow } from "../touchscreen/screen.ts";
import { type QrPicture, qrPicture } from "./qr-picture.ts";

/** Address from which the page has an asset. */
type Picture = string | null;
/** Where the page finds an asset that the pad has. */
export type AssetAddress = (asset: string) => string;

type ScenePictured =
  | { readonly is: "idle"; readonly card: CardView | null; readonly notice: string | null; readonly qr: QrPicture | Picture }
  | Extract<Scene, { is: "paused" | "thanks" }>
  | (Omit<Extract<Scene, { is: "options" }>, "caseQr" | "card"> & Pictured)
  | (Omit<Extract<Scene, { is: "details" }>, "caseQr" | "card"> & Pictured)
  /** `code`: eight digits, or null when the button is wanted. */
  | { readonly is: "pairing"; readonly code: string | null }
  | { readonly is: "testing" | "fault" | "dark" };
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

const addressed = (asset: string | null, addressOf: AssetAddress): Picture => (asset === null ? null : addressOf(asset));

/** What turns text around has no place on a screen; what joins letters has, in some scripts. */
const clean = (text: string): string => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");

/** Every text in it without what turns text around. */
const cleaned = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === "string" ? clean(one) : one));

const pictured = (scene: Scene, addressOf: AssetAddress): ScenePictured => {
  switch (scene.is) {
    case "idle": {
      const { card, notice, windowQr, windowQrPicture } = scene;
      const qr = addressed(windowQrPicture, addressOf) ?? (windowQr === null ? null : qrPicture(windowQr));
      return { is: "idle", notice, qr, card: card && { ...card, photo: addressed(card.photo, addressOf) } };
    }
    case "options":
    case "details": {
      const { caseQr, card, ...rest } = scene;
      return {
        ...rest,
        caseQr: caseQr === null ? null : qrPicture(caseQr),
        card: card && { ...card, photo: addressed(card.photo, addressOf) },
      };
    }
    case "paused":
    case "thanks":
      return scene;
  }
};

const sceneOf = ({ power, phase, pairing }: PadFace, scene: Scene, addressOf: AssetAddress): ScenePictured => {
  if (!power) return { is: "dark" };
  if (phase === "fault") return { is: "fault" };
  if (phase === "testing") return { is: "testing" };
  if (phase === "pairing") return { is: "pairing", code: pairing?.is === "code" ? pairing.code : null };
  return pictured(scene, addressOf);
};

/** The view of a pad with a touchscreen: the same whether its firmware runs in the page or elsewhere. */
export const touchViewOf = (face: PadFace, screen: ScreenShow, addressOf: AssetAddress): TouchView => {
  const { scene, logo, recordings, ...shown } = screen;
  const { spoken } = face;
  return cleaned({
    ...shown,
    scene: sceneOf(face, scene, addressOf),
    logo: addressed(logo, addressOf),
    spoken: spoken && {
      text: shown.texts[`prompt.${spoken.id}`] ?? spoken.zh,
      recording: addressed(recordings[String(spoken.id)] ?? null, addressOf),
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
