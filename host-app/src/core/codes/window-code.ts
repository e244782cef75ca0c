/** The one-window static QR code (一窗一码) as a pad shows it. */
export interface WindowCodeShown {
  /** Empty: none. */
  readonly text: string;
  /** Name of the asset with that code as a picture; empty: none. */
  readonly picture: string;
}

export interface WindowCodeSources {
  readonly windowNo: string;
  /** Whether this PC serves no other window. */
  readonly isOnly: boolean;
  /** What central says for this very window; undefined: nothing. */
  readonly told: string | undefined;
  /** The setting screen.windowQr. */
  readonly template: string | null;
  readonly hasAsset: (name: string) => boolean;
}

const PLACEHOLDER = "{windowNo}";
/** What the message to a pad holds. */
const LONGEST_BYTES = 255;

/** Half an address leads nowhere. */
const whole = (text: string): string => (Buffer.byteLength(text) <= LONGEST_BYTES ? text : "");

const EVERY_WINDOW = "qr/window";

/** Name of the picture with the code of one window. */
const pictureOf = (windowNo: string): string => `${EVERY_WINDOW}-${windowNo}`;

/** Whether the pad of a window has no use for an asset, because it is the code of another window, or may be. */
export const isCodeOfAnother = (name: string, { windowNo, isOnly }: Pick<WindowCodeSources, "windowNo" | "isOnly">): boolean =>
  name === EVERY_WINDOW ? !isOnly : name.startsWith(`${EVERY_WINDOW}-`) && name !== pictureOf(windowNo);

/** Whether the setting tells one window from another. */
export const saysWindow = (template: string): boolean => template.includes(PLACEHOLDER);

/**
 * Central's word for this window goes before what the PC has been told itself. What does not say which window it is for is shown where the
 * PC serves one alone: a code of another window would lead citizens to rate that one.
 * @param drawsCodes whether the pad can draw one from its text
 */
export const windowCode = ({ windowNo, isOnly, told, template, hasAsset }: WindowCodeSources, drawsCodes: boolean): WindowCodeShown => {
  if (told !== undefined && drawsCodes) return { text: whole(told), picture: "" };
  const isOfOne = isOnly || saysWindow(template ?? "");
  const text = told ?? (isOfOne ? (template ?? "").replaceAll(PLACEHOLDER, encodeURIComponent(windowNo)) : "");
  const picture = [pictureOf(windowNo), EVERY_WINDOW].find((name) => hasAsset(name) && !isCodeOfAnother(name, { windowNo, isOnly }));
  return { text: whole(text), picture: picture ?? "" };
};
