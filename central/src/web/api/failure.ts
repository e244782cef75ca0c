/** Why a request of the page came to nothing. */
export type Failure =
  /** Central answered with an error of its own table. */
  | {
      readonly is: "told";
      readonly status: number;
      readonly code: string;
      readonly title: string;
      readonly detail: string;
      readonly advice: string;
      readonly retryAfterSeconds: number | null;
    }
  /** No answer, or one that is not central's. */
  | { readonly is: "unreachable"; readonly detail: string }
  /** An answer that this page does not understand. */
  | { readonly is: "strange"; readonly detail: string };

export class RequestFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.is === "told" ? `${failure.code} ${failure.title}: ${failure.detail}` : failure.detail);
    this.name = "RequestFailure";
    this.failure = failure;
  }
}

export const failureOf = (error: unknown): Failure => {
  if (error instanceof RequestFailure) return error.failure;
  return { is: "strange", detail: error instanceof Error ? error.message : String(error) };
};

/** Central's code of an error, if it told one. */
export const codeOf = (error: unknown): string | undefined => {
  const failure = failureOf(error);
  return failure.is === "told" ? failure.code : undefined;
};
