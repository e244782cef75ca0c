/** How far into a document a line stands, by the headings above it. */
interface Place {
  readonly chapter: string;
  readonly part: string;
  readonly item: string;
}
const NOWHERE: Place = { chapter: "", part: "", item: "" };

const NUMERAL = "[一二三四五六七八九十百]+";
const CHAPTER = new RegExp(`^(${NUMERAL})、`);
const PART = new RegExp(`^（(${NUMERAL})）`);
const ITEM = /^(\d{1,2})[.．](\d?)/;
const ARTICLE = new RegExp(`^(第${NUMERAL}条)`);
const DOTTED = /^(\d{1,2}(?:\.\d{1,2})*)\s/;
const ANNEX = /^附件\s*(\d*)$/;
const NOTE = /^(备注|注)[:：]/;

/**
 * The clause under which each line of a document stands, as packs write clauses: "三(二)1" under 三、（二） 1., "8.1" in a standard,
 * "第五条" in a regulation, "附件备注1" and "附件3注" in an annex; "" before the first heading.
 */
export const clausesOfLines = (document: string): string[] => {
  const lines = document.split("\n").map((line) => line.trim().replace(/^-\s+/, ""));
  const hasChapters = lines.some((line) => CHAPTER.test(line));
  let place = NOWHERE;
  return lines.map((line) => {
    place = hasChapters
      ? placeAfter(place, line)
      : { ...NOWHERE, chapter: (ARTICLE.exec(line) ?? DOTTED.exec(line))?.[1] ?? place.chapter };
    return `${place.chapter}${place.part}${place.item}`;
  });
};

const placeAfter = (place: Place, line: string): Place => {
  const annex = ANNEX.exec(line);
  if (annex !== null) return { ...NOWHERE, chapter: `附件${annex[1]}` };
  if (place.chapter.startsWith("附件")) {
    const note = NOTE.exec(line)?.[1];
    if (note !== undefined) return { ...place, part: note, item: "" };
    return place.part === "" ? place : { ...place, item: itemAfter(place.item, line) };
  }
  const chapter = (CHAPTER.exec(line) ?? ARTICLE.exec(line))?.[1];
  if (chapter !== undefined) return { ...NOWHERE, chapter };
  const part = PART.exec(line)?.[1];
  if (part !== undefined) return { ...place, part: `(${part})`, item: "" };
  return { ...place, item: itemAfter(place.item, line) };
};

/** “2.12345热线” is item 2 where item 1 came before it; else a digit after the point makes a number of it. */
const itemAfter = (item: string, line: string): string => {
  const [, number, digit] = ITEM.exec(line) ?? [];
  return number !== undefined && (digit === "" || Number(number) === Number(item) + 1) ? number : item;
};
