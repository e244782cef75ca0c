import { WindowRatingError } from "@window-rating/protocol/error";

/** Whether what kept a window PC from starting is what a rescue mends. Everything else ends the program, as ever. */
export const isDamage = (error: unknown): error is WindowRatingError => error instanceof WindowRatingError && error.code === "WR4001";
