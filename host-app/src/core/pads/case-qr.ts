import type { Binding } from "@window-rating/protocol/rating";

/** Text of a one-case QR code from the site's template: `{requestId}`, `{caseNo}` and `{visitNo}` are filled in. Empty if there is no template. */
export const caseQrText = (template: string, { requestId, caseNo, visitNo }: Pick<Binding, "requestId" | "caseNo" | "visitNo">): string =>
  template.replaceAll("{requestId}", requestId).replaceAll("{caseNo}", encodeURIComponent(caseNo)).replaceAll("{visitNo}", String(visitNo));
