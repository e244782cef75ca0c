export {
  ADMISSION_PATH,
  admissionSchema,
  admittedSchema,
  BROWSER_PAD_SUBPROTOCOL,
  type FromPage,
  LINE_CLOSED,
  LINE_PATH,
  proofText,
  readFromPage,
  readToPage,
  type ToPage,
  windowPath,
} from "./messages.ts";
