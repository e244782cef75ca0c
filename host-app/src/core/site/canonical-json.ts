export { canonicalJson } from "@window-rating/protocol/sync";
