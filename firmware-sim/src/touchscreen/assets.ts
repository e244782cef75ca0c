/** A file that the pad holds: picture, recording, language pack, list of reasons. */
export interface Asset {
  readonly kind: "png" | "jpeg" | "wav" | "json";
  readonly bytes: Uint8Array;
}

/** The pad's files by their names, for instance `photo/1001` or `language/bo`. */
export interface Assets {
  find(name: string): Asset | undefined;
}

export const NO_ASSETS: Assets = { find: () => undefined };

/** The content of a JSON asset; undefined if there is none, or it is no JSON. */
export const jsonOf = (assets: Assets, name: string): unknown => {
  const asset = assets.find(name);
  if (asset?.kind !== "json") return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(asset.bytes));
  } catch {
    return undefined;
  }
};
