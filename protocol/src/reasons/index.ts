export { REASON_LISTS, REASONS_2019, REASONS_2020, reasonsOf, strayReason } from "./lists.ts";
export { type Reason, type ReasonList, reasonCodesSchema, reasonListSchema, reasonSchema } from "./schemas.ts";
