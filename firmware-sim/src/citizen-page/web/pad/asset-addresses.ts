import type { Asset, Assets } from "../../../touchscreen/assets.ts";

const TYPES = { png: "image/png", jpeg: "image/jpeg", wav: "audio/wav", json: "application/json" } as const;

/** Addresses within this page of the pad's pictures and recordings: one for each, as long as it is the same file. */
export class AssetAddresses {
  readonly #assets: Assets;
  readonly #made = new Map<string, { readonly asset: Asset; readonly address: string }>();

  constructor(assets: Assets) {
    this.#assets = assets;
  }

  /** @param name of an asset that the pad has */
  readonly of = (name: string): string => {
    const asset = this.#assets.find(name);
    const made = this.#made.get(name);
    if (asset === undefined) return "";
    if (made?.asset === asset) return made.address;
    if (made !== undefined) URL.revokeObjectURL(made.address);
    const address = URL.createObjectURL(new Blob([asset.bytes as Uint8Array<ArrayBuffer>], { type: TYPES[asset.kind] }));
    this.#made.set(name, { asset, address });
    return address;
  };
}
