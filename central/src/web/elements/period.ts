import { dayAfter, dayStart } from "./moment.ts";

interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** From two days as a form has them, both included, to the moments that a query takes. */
export const periodQuery = ({ from = "", to = "" }: { readonly from?: string | undefined; readonly to?: string | undefined }): Period => ({
  ...(from === "" ? {} : { from: dayStart(from) }),
  ...(to === "" ? {} : { to: dayStart(dayAfter(to, 1)) }),
});
