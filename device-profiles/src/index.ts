export { contentHash } from "./content-hash.ts";
export { type ListedPort, matchPorts, type Proposal } from "./matcher.ts";
export { findProfile, loadProfiles, readProfileFile } from "./profiles.ts";
export type { KeypadProfile, PadProfile, Profile } from "./schema.ts";
