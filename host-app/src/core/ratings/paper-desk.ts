import type { ClerkOnDuty, PaperForm } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { isSameStaff, newRequestId, type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { REASONS_2020, type ReasonList, strayReason } from "@window-rating/protocol/reasons";
import type { PaperBody } from "@window-rating/protocol/sync";
import { type Clock, momentOf } from "../clock.ts";
import type { PaperBook } from "../store/paper-book.ts";
import type { RatingRequest, RequestBook } from "../store/request-book.ts";
import type { Store } from "../store/store.ts";

export interface PaperDeskOptions {
  readonly store: Store;
  readonly requests: RequestBook;
  readonly papers: PaperBook;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly onDuty: () => readonly ClerkOnDuty[];
  /** List in force as central tells it; null before it has. */
  readonly reasons: () => ReasonList | null;
  /** Central's key for what citizens write. */
  readonly contactKey: () => { readonly keyId: Uint8Array; readonly publicKey: Uint8Array } | undefined;
}

/** The field of the form that a wrong reason stands in. */
const REASONS = { field: "reasons" };

/** Takes paper forms (评价表): ratings that another clerk types in than the one they rate. */
export class PaperDesk {
  readonly #options: PaperDeskOptions;

  constructor(options: PaperDeskOptions) {
    this.#options = options;
  }

  /** @throws WR5003, WR5004, WR5005, WR5027, WR5028, WR5031 */
  async enter(form: PaperForm, enteredBy: string): Promise<void> {
    const { store, clock, random, papers } = this.#options;
    this.#check(form);
    this.#refuseStray(form);
    const formId = newRequestId(clock.wallMs(), random(10));
    const sealed = await this.#seal(form, formId);
    store.write(() => {
      // Looked at again: while words were sealed, the visit may have been rated, or the typist signed out.
      const { request, typist } = this.#check(form);
      const committedAt = momentOf(clock);
      const body: PaperBody = {
        kind: "paper",
        formId,
        binding: request.binding,
        level: form.level,
        openedAt: request.openedAt,
        committedAt,
        typedBy: typist.staffNo,
        typistName: typist.name,
        enteredBy,
        reasonList: form.reasons.length === 0 ? null : form.reasonList,
        reasons: form.reasons,
        named: form.name !== "" && form.phone !== "",
        sealed,
      };
      papers.keep(body, committedAt.wallMs);
    });
  }

  /** @throws WR5004, WR5005, WR5027, WR5028 */
  #check({ caseNo, visitNo, typedBy }: PaperForm): { readonly request: RatingRequest; readonly typist: ClerkOnDuty } {
    const { requests, papers, onDuty } = this.#options;
    const name = `case ${caseNo} visit ${visitNo}`;
    const typist = onDuty().find(({ staffNo }) => staffNo === typedBy);
    if (typist === undefined) throw new WindowRatingError("WR5004", `clerk ${typedBy}, who types it in, is not signed in at this window`);
    const request = requests.ofCase(caseNo, visitNo);
    // Only here is it certain whom the form rates; forms of other windows are typed in there, or at central.
    if (request === undefined) throw new WindowRatingError("WR5005", `${name} has not ended at this PC`);
    if (isSameStaff(request.binding.staffNo, typedBy)) throw new WindowRatingError("WR5027", `${name} was served by clerk ${typedBy}`);
    if (request.state === "rated") throw new WindowRatingError("WR5028", `${name} was rated at the pad`);
    if (papers.has(request.binding)) throw new WindowRatingError("WR5028", `a form of ${name} was typed in before`);
    return { request, typist };
  }

  /** A slip of the typist is told now, to the typist: central would tell it to the window. @throws WR5003 */
  #refuseStray({ level, reasonList, reasons }: PaperForm): void {
    if (reasons.length === 0) return;
    if (reasonList === null) throw new WindowRatingError("WR5003", "reasonList: which list are the reasons from?", undefined, REASONS);
    const list = [this.#options.reasons(), REASONS_2020].find((one) => one?.version === reasonList);
    if (list == null) throw new WindowRatingError("WR5003", `reasonList: this PC has no list ${reasonList}`, undefined, REASONS);
    const stray = strayReason(list, level, reasons.map(String));
    if (stray !== undefined)
      throw new WindowRatingError("WR5003", `reasons: ${stray} is no reason of this level in list ${reasonList}`, undefined, REASONS);
  }

  /** What names the citizen leaves this function sealed (I9). @throws WR5003, WR5031 */
  async #seal({ words, name, phone }: PaperForm, formId: RequestId): Promise<PaperBody["sealed"]> {
    if (words === "" && name === "" && phone === "") return null;
    const key = this.#options.contactKey();
    if (key === undefined) throw new WindowRatingError("WR5031", "central has not told its key");
    // Curves take megabytes of memory that most windows never need.
    const { sealContact } = await import("@window-rating/protocol/contact");
    const said = Object.fromEntries(Object.entries({ words, name, phone }).filter(([, text]) => text !== ""));
    const data = sealContact(said, key, requestIdToBytes(formId), this.#options.random);
    return { keyId: Buffer.from(key.keyId).toString("hex"), data: Buffer.from(data).toString("base64") };
  }
}
