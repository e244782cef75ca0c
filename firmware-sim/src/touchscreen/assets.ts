import type * as z from "zod/mini";

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

/** Reads JSON assets of one kind, each once: a screen is drawn from them at every step. */
export class JsonAssets<Content> {
  readonly #schema: z.ZodMiniType<Content>;
  /** What was read of an asset; null = it does not fit. */
  readonly #read = new WeakMap<Asset, Content | null>();

  constructor(schema: z.ZodMiniType<Content>) {
    this.#schema = schema;
  }

  /** The content of an asset; undefined if there is none, or it does not fit. */
  find(assets: Assets, name: string): Content | undefined {
    const asset = assets.find(name);
    if (asset?.kind !== "json") return undefined;
    const known = this.#read.get(asset);
    if (known !== undefined) return known ?? undefined;
    const content = this.#schema.safeParse(jsonOf(asset.bytes)).data;
    this.#read.set(asset, content ?? null);
    return content;
  }
}

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
};
