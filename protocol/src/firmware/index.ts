export { decodeFirmwareFile, encodeFirmwareFile } from "./firmware-file.ts";
