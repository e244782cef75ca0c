export { type ListedPort, matchPorts, type Proposal } from "./matcher.ts";
export { findProfile, loadProfiles } from "./profiles.ts";
export { type Profile, profileSchema } from "./schema.ts";
