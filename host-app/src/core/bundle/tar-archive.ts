const BLOCK = 512;

export interface ArchivedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const encoder = new TextEncoder();

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");

const headerOf = ({ name, content }: ArchivedFile, unixSeconds: number): Uint8Array => {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => header.set(encoder.encode(text), at);
  put(name, 0);
  put(`${octal(0o600, 7)}\0`, 100);
  put(`${octal(0, 7)}\0`, 108);
  put(`${octal(0, 7)}\0`, 116);
  put(`${octal(content.length, 11)}\0`, 124);
  put(`${octal(unixSeconds, 11)}\0`, 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\0", 257);
  put("00", 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return header;
};

/** A tar archive (POSIX ustar) of files with short names, at most 100 bytes; every system can open one. */
export const tarArchive = (files: readonly ArchivedFile[], unixSeconds: number): Uint8Array => {
  const parts = files.flatMap((file) => [headerOf(file, unixSeconds), file.content, new Uint8Array(-file.content.length & (BLOCK - 1))]);
  return Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]);
};
