import { create } from "qrcode";
import { describe, expect, test } from "vitest";
import { qrPicture } from "./qr-picture.ts";

/** The squares that a path fills, as rows of # and blanks. */
const drawn = ({ size, path }: { size: number; path: string }): string[] => {
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => " "));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at++) (grid[Number(y)] as string[])[at] = "#";
  }
  return grid.map((row) => row.join(""));
};

describe("a QR code's drawing", () => {
  test.each(["https://hall.example/w/12", "评价", "x".repeat(255)])("of %j fills the squares of the code, and no others", (text) => {
    const picture = qrPicture(text);
    const { size, data } = create(text, { errorCorrectionLevel: "M" }).modules;
    const expected = Array.from({ length: size }, (_, y) =>
      Array.from({ length: size }, (_, x) => (data[y * size + x] ? "#" : " ")).join(""),
    );
    expect(picture && drawn(picture)).toEqual(expected);
  });

  test("is none for a text that no code can hold", () => {
    expect(qrPicture("x".repeat(10_000))).toBeNull();
    expect(qrPicture("")).toBeNull();
  });
});
